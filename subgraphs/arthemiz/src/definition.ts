// Everything that makes this subgraph, for main.ts and for tests.
import { defineSubgraph } from '@supergraph/chassis/subgraph';
import { config } from './config.ts';
import { createElevationEnds } from './elevations/ending.ts';
import { createExportDriver } from './exports/driver.ts';
import { exportHandlers } from './exports/events.ts';
import { furtherExports } from './exports/sources.ts';
import { createHomeTasks } from './home-tasks/driver.ts';
import { createKeyRotation } from './keys/rotation.ts';
import { eraseTenant } from './lifecycle/eraser.ts';
import { createErasureDriver } from './lifecycle/erasure-driver.ts';
import { erasureHandlers } from './lifecycle/erasure-events.ts';
import { createLoaders } from './loaders.ts';
import { createLogoutDelivery } from './logout-notices/delivery.ts';
import { createMailDelivery } from './mail/delivery.ts';
import { models } from './models.ts';
import { createOidcRoute } from './oidc/route.ts';
import { partsOf } from './parts.ts';
import { furtherPersonalData } from './personal-data/sources.ts';
import { defaultRolesProvisioning } from './provisioning/default-roles.ts';
import { createProvisioningDriver } from './provisioning/driver.ts';
import { provisioningHandlers } from './provisioning/events.ts';
import { ownerInvitation } from './provisioning/owner-invitation.ts';
import { createRegistrationRoute } from './registered-clients/route.ts';
import { createMoveDriver } from './residency/driver.ts';
import { residencyHandlers } from './residency/events.ts';
import { everyTenant, regionOfTenant } from './residency/moving.ts';
import { resolvers } from './resolvers.ts';
import { responseHandlers } from './responses/events.ts';
import { createRoleUpgrade } from './roles/upgrade.ts';
import { createScimRoute } from './scim/route.ts';
import { createSessionEnds } from './sessions/due.ts';

export const definition = defineSubgraph({
  name: 'arthemiz',
  schema: new URL('../schema.graphql', import.meta.url),
  config,
  models,
  resolvers,
  loaders: createLoaders,
  audited: [
    ...['createTenant', 'createEnvironment', 'renameTenant', 'moveTenant', 'retryTenantProvisioning'],
    ...['addDomain', 'approveDomain', 'revokeInvitation', 'readmitPerson'],
  ],
  residency: 'home',
  regionOf: regionOfTenant,
  everyTenant,
  routes: async (service) => [
    await createOidcRoute(service),
    createScimRoute(service),
    createRegistrationRoute(service),
  ],
  handlers: {
    ...provisioningHandlers,
    ...erasureHandlers,
    ...exportHandlers,
    ...residencyHandlers,
    ...responseHandlers,
  },
  provisioning: [defaultRolesProvisioning, ownerInvitation],
  erasure: eraseTenant,
  exports: furtherExports,
  personalData: furtherPersonalData,
  workers: [
    createProvisioningDriver,
    createErasureDriver,
    createExportDriver,
    createMoveDriver,
    createRoleUpgrade,
    createKeyRotation,
    createMailDelivery,
    createLogoutDelivery,
    createElevationEnds,
    createSessionEnds,
    createHomeTasks,
    (service) => partsOf(service).access,
  ],
});
