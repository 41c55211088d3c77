// What stands behind the types of each subgraph's SDL: the values that its resolvers get as parents. From here and the
// SDL, `npm run schema` writes each subgraph's src/schema.generated.ts. A type without a line is its own parent.
import type { ParentTypes } from './schema/src/resolver-types.ts';

/** Subgraph → GraphQL type → its parent's type, as `./file.ts#Type` seen from the subgraph's src. */
export const parentTypes: Readonly<Record<string, ParentTypes>> = {
  arthemiz: {
    Viewer: './context.ts#ViewerParent',
    Tenant: './tenants/model.ts#TenantRow',
    TenantProvisioning: './provisioning/model.ts#ProvisioningRow',
    ProvisioningStep: './provisioning/model.ts#StepRow',
    TenantError: './tenants/rules.ts#TenantRefusal',
    InvalidTenantInput: './tenants/rules.ts#TenantRefusal',
    TenantSlugTaken: './tenants/rules.ts#TenantRefusal',
    TenantKeyReused: './tenants/rules.ts#TenantRefusal',
    Person: './people/model.ts#PersonRow',
    Role: './roles/model.ts#RoleRow',
    RoleError: './roles/refusals.ts#RoleRefusal',
    InvalidRoleInput: './roles/refusals.ts#RoleRefusal',
    RoleNotFound: './roles/refusals.ts#RoleRefusal',
    PersonNotFound: './roles/refusals.ts#RoleRefusal',
    PermissionNotHeld: './roles/refusals.ts#RoleRefusal',
    LastAdministrator: './roles/refusals.ts#RoleRefusal',
    ApiKey: './api-keys/model.ts#ApiKeyRow',
    ApiKeyError: './api-keys/refusals.ts#ApiKeyRefusal',
    InvalidApiKeyInput: './api-keys/refusals.ts#ApiKeyRefusal',
    ApiKeyNotFound: './api-keys/refusals.ts#ApiKeyRefusal',
    ApiKeyLimitReached: './api-keys/refusals.ts#ApiKeyRefusal',
    ApiKeyPermissionNotHeld: './api-keys/refusals.ts#ApiKeyRefusal',
    Invitation: './invitations/model.ts#InvitationRow',
    InvitationError: './invitations/refusals.ts#InvitationRefusal',
    InvalidInvitationInput: './invitations/refusals.ts#InvitationRefusal',
    AlreadyMember: './invitations/refusals.ts#InvitationRefusal',
    TooManyInvitations: './invitations/refusals.ts#InvitationRefusal',
    MailNotConfigured: './invitations/refusals.ts#InvitationRefusal',
    InvitationNotFound: './invitations/refusals.ts#InvitationRefusal',
  },
  systemhealth: {
    Service: './services/model.ts#ServiceRow',
    Tenant: './services/resolvers.ts#TenantParent',
    Check: './checks/model.ts#CheckRow',
    HealthEvent: './checks/event-model.ts#HealthEventParent',
    CheckResult: './results/model.ts#ResultParent',
  },
  sentinel: {
    SecurityEvent: './security-events/model.ts#SecurityEventParent',
    Tenant: './security-events/resolvers.ts#TenantParent',
  },
};
