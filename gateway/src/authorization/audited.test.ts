// Every mutation of the public schema leaves a record in the audit trail, or stands here with the reason why not.
import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { Kind, parse } from 'graphql';
import { definition as arthemiz } from '../../../subgraphs/arthemiz/src/definition.ts';
import { audited as auditedEvents } from '../../../subgraphs/sentinel/src/audit/events.ts';
import { definition as sentinel } from '../../../subgraphs/sentinel/src/definition.ts';
import { definition as systemhealth } from '../../../subgraphs/systemhealth/src/definition.ts';

/** Those that an event of their own tells of. */
const byEvent: Readonly<Record<string, readonly (typeof auditedEvents)[number][]>> = {
  approveResponse: ['sentinel.response.changed.v1'],
  assignGroups: ['arthemiz.person.groups-changed.v1'],
  assignRoles: ['arthemiz.person.roles-changed.v1', 'arthemiz.person.scoped-roles-changed.v1'],
  cancelTenantDeletion: ['arthemiz.tenant.deletion-cancelled.v1'],
  createApiKey: ['arthemiz.api-key.created.v1'],
  createGroup: ['arthemiz.group.created.v1'],
  createOidcConnection: ['arthemiz.connection.created.v1'],
  createRole: ['arthemiz.role.created.v1', 'arthemiz.role.inheritance-changed.v1'],
  createSamlConnection: ['arthemiz.connection.created.v1'],
  createSeparationOfDuties: ['arthemiz.separation-of-duties.created.v1'],
  createServiceClient: ['arthemiz.service-client.created.v1'],
  decideElevation: ['arthemiz.elevation.approved.v1', 'arthemiz.elevation.declined.v1'],
  deleteGroup: ['arthemiz.group.deleted.v1'],
  deleteRole: ['arthemiz.role.deleted.v1'],
  deleteSeparationOfDuties: ['arthemiz.separation-of-duties.deleted.v1'],
  deleteServiceClient: ['arthemiz.service-client.deleted.v1'],
  deleteSsoConnection: ['arthemiz.connection.deleted.v1'],
  deleteTenant: ['arthemiz.tenant.deletion-scheduled.v1'],
  endElevation: ['arthemiz.elevation.ended.v1', 'arthemiz.elevation.withdrawn.v1'],
  endOtherSessions: ['arthemiz.session.ended.v1'],
  endPersonSessions: ['arthemiz.session.ended.v1'],
  endSession: ['arthemiz.session.ended.v1'],
  exportTenant: ['arthemiz.tenant.export-requested.v1'],
  invitePerson: ['arthemiz.person.invited.v1'],
  leaveTenant: ['arthemiz.person.removed.v1'],
  pauseCheck: ['systemhealth.check.paused.v1'],
  proposeResponse: ['sentinel.response.changed.v1'],
  rejectResponse: ['sentinel.response.changed.v1'],
  removeDomain: ['arthemiz.domain.removed.v1'],
  removePerson: ['arthemiz.person.removed.v1'],
  removeRegisteredClient: ['arthemiz.registered-client.deleted.v1'],
  requestElevation: ['arthemiz.elevation.requested.v1'],
  resumeCheck: ['systemhealth.check.resumed.v1'],
  resumePerson: ['arthemiz.person.resumed.v1'],
  resumeTenant: ['arthemiz.tenant.resumed.v1'],
  revokeApiKey: ['arthemiz.api-key.revoked.v1'],
  rotateApiKey: ['arthemiz.api-key.rotated.v1'],
  rotateServiceClientSecret: ['arthemiz.service-client.credentials-changed.v1'],
  setServiceClientKeys: ['arthemiz.service-client.credentials-changed.v1'],
  suspendPerson: ['arthemiz.person.suspended.v1'],
  suspendTenant: ['arthemiz.tenant.suspended.v1'],
  undoResponse: ['sentinel.response.changed.v1'],
  updateGroup: ['arthemiz.group.updated.v1'],
  updateRole: ['arthemiz.role.updated.v1', 'arthemiz.role.inheritance-changed.v1'],
  updateServiceClient: ['arthemiz.service-client.updated.v1'],
  updateSsoConnection: ['arthemiz.connection.updated.v1'],
  updateTenantBranding: ['arthemiz.tenant.branding-changed.v1'],
  updateTenantCompliance: ['arthemiz.tenant.compliance-changed.v1'],
  verifyDomain: ['arthemiz.domain.verified.v1'],
};

const notAudited: Readonly<Record<string, string>> = {
  backTestDetectionRule: 'changes nothing',
  replayFinding: 'changes nothing',
  ingestAccessEvents: 'takes what is kept as it is, with who sent it: security events, a record each',
  recordMetrics: 'takes measurements, many a second',
};

const told: Readonly<Record<string, readonly string[] | undefined>> = {
  'arthemiz.action.taken.v1': arthemiz.audited,
  'sentinel.action.taken.v1': sentinel.audited,
  'systemhealth.action.taken.v1': systemhealth.audited,
};

it('every mutation is in the audit trail, or has a reason not to be', () => {
  const document = parse(readFileSync(new URL('../../../schema/public.graphql', import.meta.url), 'utf8'));
  const mutations = document.definitions.flatMap((each) =>
    each.kind === Kind.OBJECT_TYPE_DEFINITION && each.name.value === 'Mutation'
      ? (each.fields ?? []).map(({ name }) => name.value)
      : [],
  );
  expect(mutations.length).toBeGreaterThan(90);
  const audited: string[] = Object.entries(told).flatMap(([type, names = []]) =>
    auditedEvents.some((each) => each === type) ? names : [],
  );
  const isTold = (name: string) =>
    audited.includes(name) ||
    (byEvent[name]?.every((type) => auditedEvents.includes(type)) ?? false) ||
    name in notAudited;
  expect(mutations.filter((name) => !isTold(name))).toEqual([]);
  // Nothing stands here that there isn't.
  const listed = [...audited, ...Object.keys(byEvent), ...Object.keys(notAudited)];
  expect(listed.filter((name) => !mutations.includes(name))).toEqual([]);
});
