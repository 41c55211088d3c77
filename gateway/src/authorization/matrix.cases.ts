// Every field of the public schema, for every role of the demo's tenants, at both gates: what the SDL says is what
// happens. Operations and expectations are made from the SDL, so that a new field is a new line of the matrix.
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant, platformTenantId } from '@supergraph/chassis/tenancy';
import { eventually, execute, type GraphqlResult, testViewer } from '@supergraph/chassis/testing';
import { anonymous, type Viewer } from '@supergraph/chassis/viewer';
import { type GraphQLObjectType, type GraphQLSchema, isObjectType, parse } from 'graphql';
import { joinTenant } from '../../../subgraphs/arthemiz/src/memberships/joining.ts';
import { standingOfPerson } from '../../../subgraphs/arthemiz/src/memberships/standing.ts';
import { registerPerson } from '../../../subgraphs/arthemiz/src/people/registration.ts';
import { platformRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { createTenant } from '../../../subgraphs/arthemiz/src/tenants/provisioning.ts';
import { loadSupergraph } from '../execution/supergraph.ts';
import { type ExpectedDecisions, readExpectedDecisions } from '../testing/expected-decisions.ts';
import type { WatchedService } from '../testing/health-changes.ts';
import { openEventStream } from '../testing/live-client.ts';
import { type Platform, type SubgraphName, supergraphFile } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';
import { type Asked, EnumValue, partsOf, print, typeKey, wholeOf } from '../testing/whole-schema.ts';
import { describeCrossing } from './crossing/describeCrossing.ts';
import { seedChecks } from './seededChecks.ts';
import { happenToReliability, seedIncident, seedObjective } from './seededReliability.ts';
import {
  happenToAlert,
  happenToResponse,
  recordSample,
  seedAlerts,
  seedClosure,
  seedExport,
  seededMetric,
  seedFinding,
  seedRegisteredClient,
  seedRemovedMember,
  seedServiceClient,
  seedSingleSignOn,
} from './seededTenant.ts';

const sdl = readFileSync(supergraphFile, 'utf8');
const { schema } = loadSupergraph(sdl);
const entityOf = (id: unknown) => (id === ids.check ? { serviceId: ids.service } : {});
const expected = readExpectedDecisions(sdl, entityOf);

const roleNames = [
  'owner',
  'operator',
  'viewer',
  'platform-operator',
  'of-one-service',
  'of-another-tenant',
  'anonymous',
] as const;
type RoleName = (typeof roleNames)[number];

interface Player {
  viewer: Viewer;
  token: string | null;
}
let platform: Platform;
let players: Record<RoleName, Player>;
/** Ids of what there is in the tenant of owner, operator and viewer. */
const watchedOf: Record<string, WatchedService> = {};
let ids: Record<
  | 'tenant'
  | 'person'
  | 'service'
  | 'check'
  | 'securityEvent'
  | 'finding'
  | 'detectionRule'
  | 'alert'
  | 'slo'
  | 'incident'
  | 'response',
  string
>;

beforeAll(async () => {
  platform = await sharedPlatform();
  const acme = (await platform.tenant({ name: 'Acme' }))._id;
  const globex = (await platform.tenant({ name: 'Globex' }))._id;
  const plan = { id: platformTenantId, slug: 'platform', name: 'Platform', idempotencyKey: 'test:platform' };
  await createTenant(platform.subgraphs.arthemiz.service, { ...plan, roles: platformRoles });
  const watched = await seedHealth(acme);
  await platform.health.service(acme);
  watchedOf[acme] = watched;
  watchedOf[globex] = await platform.health.service(globex);
  const { service: health } = platform.subgraphs.systemhealth;
  for (const each of [acme, globex]) await recordSample(health, each);
  await seedObjective(health, watchedOf[globex]);
  await seedAlerts(health, watchedOf[globex]);
  players = {
    owner: await player(acme, 'owner'),
    operator: await player(acme, 'operator'),
    viewer: await player(acme, 'viewer'),
    'platform-operator': await player(platformTenantId, 'platform-operator'),
    'of-one-service': await playerOn(acme, watched.serviceId),
    'of-another-tenant': await player(globex, 'owner'),
    anonymous: { viewer: anonymous, token: null },
  };
  await seedGroup(acme, players.operator.viewer.subject);
  await seedElevation(acme, players.operator.viewer.subject);
  await seedSession(acme, players.operator.viewer.subject);
  await seedSeparation(acme);
  await seedScopedRole({
    ...{ tenantId: acme, personId: players.operator.viewer.subject, serviceId: watched.serviceId },
  });
  await seedApiKey();
  await seedInvitation(acme);
  const { service: arthemiz } = platform.subgraphs.arthemiz;
  // Operators see this of their own tenant, which is where the walk looks.
  await seedClosure(arthemiz, platformTenantId);
  await seedServiceClient(arthemiz, acme);
  await seedRegisteredClient(arthemiz, acme);
  await seedRemovedMember(arthemiz, acme);
  await seedExport(arthemiz, acme);
  await seedSingleSignOn(arthemiz, acme);
  await seedGroup(globex, players['of-another-tenant'].viewer.subject);
  const stranger = players['of-another-tenant'].viewer.subject;
  await seedIncident(health, { ...watchedOf[globex], personId: stranger });
  await seedServiceClient(arthemiz, globex);
  await seedSingleSignOn(arthemiz, globex);
  const slo = await seedObjective(health, watched);
  ids = {
    ...{
      tenant: acme,
      person: players.operator.viewer.subject,
      service: watched.serviceId,
      check: watched.checkId,
    },
    securityEvent: await seedSecurityEvent(),
    ...(await seedFinding(platform.subgraphs.sentinel.service, {
      tenantId: acme,
      assigneeId: players.operator.viewer.subject,
    })),
    alert: (await seedAlerts(platform.subgraphs.systemhealth.service, watched)).alertId,
    slo,
    incident: await seedIncident(health, { ...watched, personId: players.operator.viewer.subject }),
  };
  await seedChecks(platform.subgraphs.systemhealth.service, watched);
  await seedFinding(platform.subgraphs.sentinel.service, { tenantId: globex, assigneeId: null });
  await audited();
});

async function player(tenantId: string, role: string): Promise<Player> {
  return playerOf(tenantId, await member(tenantId, [role]));
}

async function playerOn(tenantId: string, serviceId: string): Promise<Player> {
  const personId = await member(tenantId, []);
  await seedScopedRole({ tenantId, personId, serviceId });
  const made = await playerOf(tenantId, personId);
  expect([...made.viewer.permissions]).toContain(`check:write@${serviceId}`);
  return made;
}

async function playerOf(tenantId: string, personId: string): Promise<Player> {
  const { service } = platform.subgraphs.arthemiz;
  const { roles = [], permissions = [] } = (await standingOfPerson(service, { personId, tenantId })) ?? {};
  const given = { subject: personId, tenantId, roles, permissions };
  return { viewer: testViewer(given), token: await platform.token(given) };
}

async function member(tenantId: string, roleNames: string[]): Promise<string> {
  const { service } = platform.subgraphs.arthemiz;
  const email = `${randomBytes(5).toString('hex')}@acme.test`;
  const { _id: personId } = await registerPerson(service, { email, displayName: roleNames.join() || 'none' });
  await joinTenant(service, { personId, tenantId, roleNames });
  return personId;
}

/** An operator of that service alone. */
async function seedScopedRole(given: { tenantId: string; personId: string; serviceId: string }) {
  const { tenantId, personId, serviceId: resourceId } = given;
  const { Membership, Role } = platform.subgraphs.arthemiz.service.models;
  await inTenant(tenantId, async () => {
    const { _id: roleId } = await Role.findOne({ name: 'operator' }).orFail().lean();
    const scopedRoles = [{ roleId, resourceType: 'SERVICE', resourceId }];
    await Membership.updateOne({ personId }, { $set: { scopedRoles } });
  });
}

async function seedGroup(tenantId: string, personId: string): Promise<void> {
  const { Group, Membership, Role } = platform.subgraphs.arthemiz.service.models;
  await inTenant(tenantId, async () => {
    const role = await Role.findOne({ name: 'viewer' }).lean();
    const [group] = await Group.create([
      { name: 'Shift', roleIds: [role?._id ?? ''], createdAt: new Date() },
    ]);
    await Membership.updateOne({ personId }, { $set: { groupIds: [group?._id ?? ''] } });
  });
}

async function seedSeparation(tenantId: string): Promise<void> {
  const { Separation, Role } = platform.subgraphs.arthemiz.service.models;
  await inTenant(tenantId, async () => {
    const { _id } = await Role.findOne({ name: 'viewer' }).orFail().lean();
    const apart = { name: 'Apart', roleIds: [_id], permissions: ['tenant:create'] };
    await Separation.create([{ ...apart, createdAt: new Date() }]);
  });
}

/** A program that was let in, as the provider stores it. */
async function seedSession(actingTenantId: string, accountId: string): Promise<void> {
  const { OidcArtifact } = platform.subgraphs.arthemiz.service.models;
  const grantId = randomBytes(8).toString('hex');
  const now = new Date();
  await OidcArtifact.create([
    {
      ...{ _id: `Grant:${grantId}`, kind: 'Grant', payload: '{}', grantId, accountId, actingTenantId },
      ...{ sessionId: `ses_${grantId}`, clientId: 'cli', signedInAt: now, lastUsedAt: now },
      expiresAt: new Date(now.getTime() + 600_000),
    },
  ]);
}

async function seedElevation(tenantId: string, personId: string): Promise<void> {
  const { Elevation } = platform.subgraphs.arthemiz.service.models;
  const asked = { personId, roleId: someId, roleName: 'owner', minutes: 5, reason: 'Night' };
  await inTenant(tenantId, () => Elevation.create([{ ...asked, requestedAt: new Date() }]));
}

async function seedHealth(tenantId: string) {
  const watched = await platform.health.service(tenantId);
  await platform.health.change(watched, 'seeded');
  const { models } = platform.subgraphs.systemhealth.service;
  const result = { at: new Date(), isSuccess: true, latencyMs: 1, message: 'fine' };
  await inTenant(tenantId, async () => {
    await models.Check.updateOne({ _id: watched.checkId }, { $set: { latestResult: result } });
    await models.Result.create([{ ...result, meta: { checkId: watched.checkId, tenantId } }]);
  });
  return watched;
}

async function seedApiKey(): Promise<void> {
  const { data } = await platform.query(
    'mutation { createApiKey(input: { name: "Till", permissions: ["service:read"] }) { secret } }',
    { token: players.owner.token },
  );
  expect(data.createApiKey.secret).toMatch(/^sk_/);
}

async function seedInvitation(tenantId: string): Promise<void> {
  const { models } = platform.subgraphs.arthemiz.service;
  const roles = await inTenant(tenantId, () => models.Role.find().lean());
  const both = () => ({
    roleIds: roles.map(({ _id }) => _id),
    linkDigest: randomBytes(5).toString('hex'),
    invitedBy: players.owner.viewer.subject,
    createdAt: new Date(),
    expiresAt: new Date(Date.now() + 3_600_000),
  });
  const accepted = { isOpen: false, acceptedBy: players.operator.viewer.subject };
  await inTenant(tenantId, () =>
    models.Invitation.create([
      { ...both(), email: 'guest@acme.test', ...accepted },
      { ...both(), email: 'awaited@acme.test', isOpen: true },
    ]),
  );
}

/** The viewer is denied something, which sentinel hears of. */
async function seedSecurityEvent(): Promise<string> {
  await platform.query('{ securityEvents(first: 1) { nodes { id } } }', { token: players.viewer.token });
  return eventually(async () => {
    const query = '{ securityEvents(first: 1) { nodes { id } } }';
    const { data } = await platform.query(query, { token: players.owner.token });
    const id: unknown = data.securityEvents.nodes[0]?.id;
    return typeof id === 'string' && id;
  });
}

/** That the owner made an API key stands in the audit trail. */
async function audited(): Promise<void> {
  await eventually(async () => {
    const query = '{ auditRecords(first: 1) { nodes { id } } }';
    const { data } = await platform.query(query, { token: players.owner.token });
    return data.auditRecords.nodes.length === 1;
  });
}

/** One operation makes so many at most. */
const changesAtOnce = 20;

/** Mutations that no owner of a tenant may make, because they are about any tenant. */
const operatorsOwn = [
  'createTenant',
  'retryTenantProvisioning',
  'suspendTenant',
  'moveTenant',
  'resumeTenant',
  'deleteTenant',
  'cancelTenantDeletion',
  'approveDomain',
];

/** Fields that stood in an answer to somebody. */
const everMet = new Set<string>();

const someId = 'none';
const emptyPolicy = {
  ...{ name: '', kind: new EnumValue('BLOCK'), targetKinds: [], ruleIds: [], isEnabled: true },
  ...{ minimumSeverity: new EnumValue('HIGH'), mode: new EnumValue('APPROVAL') },
};
const givenFor = () => ({
  'Subscription.tenantProvisioning': { id: ids.tenant },
  'Query.tenantById': { id: ids.tenant },
  'Query.person': { id: ids.person },
  'Query.service': { id: ids.service },
  'Query.check': { id: ids.check },
  'Query.securityEvent': { id: ids.securityEvent },
  'Query.finding': { id: ids.finding },
  'Query.response': { id: ids.response },
  'Query.principalRisk': { kind: new EnumValue('PERSON'), value: 'per_nobody' },
  'Query.detectionRule': { id: ids.detectionRule },
  'Query.explainAccess': { personId: ids.person, permission: 'check:write' },
  'Mutation.createTenant': { input: { name: 'x', slug: 'X', idempotencyKey: 'x' } },
  'Mutation.renameTenant': { input: { name: '' } },
  'Mutation.updateTenantCompliance': { input: { secondFactorRequired: false } },
  'Mutation.updateTenantBranding': { input: { accentColour: 'x' } },
  'Mutation.retryTenantProvisioning': { input: { tenantId: someId } },
  'Mutation.createEnvironment': {
    input: { name: '', kind: new EnumValue('SANDBOX'), idempotencyKey: 'x' },
  },
  'Mutation.suspendTenant': { input: { tenantId: someId, reason: '' } },
  'Mutation.resumeTenant': { input: { tenantId: someId } },
  'Mutation.moveTenant': { input: { tenantId: someId, region: 'x' } },
  'Mutation.deleteTenant': { input: { tenantId: someId, confirmSlug: '' } },
  'Mutation.cancelTenantDeletion': { input: { tenantId: someId } },
  'Mutation.addDomain': { input: { name: '' } },
  'Mutation.verifyDomain': { input: { id: someId } },
  'Mutation.approveDomain': { input: { tenantId: someId, name: '' } },
  'Mutation.removeDomain': { input: { id: someId } },
  'Mutation.createOidcConnection': {
    input: { name: '', oidc: { issuer: '', clientId: '', clientSecret: '' } },
  },
  'Mutation.createSamlConnection': {
    input: { name: '', saml: { entityId: '', signOnUrl: '', certificates: [] } },
  },
  'Mutation.updateSsoConnection': { input: { id: someId } },
  'Mutation.deleteSsoConnection': { input: { id: someId } },
  'Mutation.createServiceClient': { input: { name: '', roleIds: [] } },
  'Mutation.updateServiceClient': { input: { id: someId, roleIds: [] } },
  'Mutation.rotateServiceClientSecret': { input: { id: someId } },
  'Mutation.setServiceClientKeys': { input: { id: someId, publicKeys: [] } },
  'Mutation.deleteServiceClient': { input: { id: someId } },
  'Mutation.removeRegisteredClient': { input: { id: someId } },
  'Mutation.endSession': { input: { id: someId } },
  'Mutation.endPersonSessions': { input: { personId: someId } },
  'Mutation.createRole': { input: { name: '', permissions: [] } },
  'Mutation.updateRole': { input: { id: someId, permissions: [] } },
  'Mutation.deleteRole': { input: { id: someId } },
  'Mutation.createSeparationOfDuties': { input: { name: '' } },
  'Mutation.deleteSeparationOfDuties': { input: { id: someId } },
  'Mutation.requestElevation': { input: { roleId: someId, minutes: 1, reason: '' } },
  'Mutation.decideElevation': { input: { id: someId, isApproved: true } },
  'Mutation.endElevation': { input: { id: someId } },
  'Mutation.removePerson': { input: { personId: someId } },
  'Mutation.readmitPerson': { input: { personId: someId } },
  'Mutation.leaveTenant': { input: { confirmSlug: '' } },
  'Mutation.suspendPerson': { input: { personId: someId } },
  'Mutation.resumePerson': { input: { personId: someId } },
  'Mutation.createGroup': { input: { name: '', roleIds: [] } },
  'Mutation.updateGroup': { input: { id: someId } },
  'Mutation.deleteGroup': { input: { id: someId } },
  'Mutation.assignGroups': { input: { personId: someId, groupIds: [] } },
  'Mutation.assignRoles': { input: { personId: someId, roleIds: [] } },
  'Mutation.createApiKey': { input: { name: '', permissions: [] } },
  'Mutation.rotateApiKey': { input: { id: someId } },
  'Mutation.revokeApiKey': { input: { id: someId } },
  'Mutation.invitePerson': { input: { email: '', roleIds: [] } },
  'Mutation.revokeInvitation': { input: { id: someId } },
  'Mutation.createService': { input: { name: '' } },
  'Mutation.createCheck': {
    input: { serviceId: someId, name: '', kind: new EnumValue('HTTP'), target: 'x' },
  },
  'Mutation.updateCheck': { input: { id: someId } },
  'Mutation.renewHeartbeatUrl': { input: { id: someId } },
  'Query.alert': { id: ids.alert },
  'Query.metricLabels': { metric: seededMetric },
  'Query.metricSeries': { metric: seededMetric, from: new Date(Date.now() - 600_000).toISOString() },
  // All kinds of conditions are seeded.
  'Query.alertRules': { first: 10 },
  'Mutation.recordMetrics': { input: { samples: [] } },
  'Query.slo': { id: ids.slo },
  'Query.slaReport': { month: new Date().toISOString().slice(0, 7) },
  'Query.incident': { id: ids.incident },
  'Query.incidentPostmortem': { id: ids.incident },
  'Query.statusPage': { slug: ids.tenant.slice(-12) },
  'Subscription.statusPageChanged': { slug: ids.tenant.slice(-12) },
  'Mutation.openIncident': { input: { title: '', severity: new EnumValue('MINOR') } },
  'Mutation.postIncidentUpdate': { input: { id: someId } },
  'Mutation.changeIncident': { input: { id: someId } },
  'Mutation.assignIncidentRole': { input: { id: someId, role: new EnumValue('SCRIBE') } },
  'Mutation.acknowledgeIncident': { input: { id: someId } },
  'Mutation.updateStatusPage': { input: { slug: '', title: '', serviceIds: [], isOn: false } },
  'Mutation.createSlo': { input: { document: '' } },
  'Mutation.updateSlo': { input: { id: someId } },
  'Mutation.deleteSlo': { input: { id: someId } },
  'Mutation.createAlertRule': { input: { name: '', condition: {} } },
  'Mutation.updateAlertRule': { input: { id: someId } },
  'Mutation.deleteAlertRule': { input: { id: someId } },
  'Mutation.acknowledgeAlert': { input: { id: someId } },
  'Mutation.createSilence': { input: { matchers: [], endsAt: '2026-01-31T09:30:00Z', comment: '' } },
  'Mutation.endSilence': { input: { id: someId } },
  'Mutation.createMaintenanceWindow': { input: { name: '', endsAt: '2026-01-31T09:30:00Z' } },
  'Mutation.endMaintenanceWindow': { input: { id: someId } },
  'Mutation.createInhibition': { input: { sourceMatchers: [], targetMatchers: [] } },
  'Mutation.deleteInhibition': { input: { id: someId } },
  'Mutation.createNotificationPolicy': { input: { name: '', steps: [] } },
  'Mutation.deleteNotificationPolicy': { input: { id: someId } },
  'Mutation.createNotificationChannel': { input: { name: '', kind: new EnumValue('EMAIL') } },
  'Mutation.updateNotificationChannel': { input: { id: someId } },
  'Mutation.rotateNotificationChannelSecret': { input: { id: someId } },
  'Mutation.deleteNotificationChannel': { input: { id: someId } },
  'Mutation.testNotificationChannel': { input: { id: someId } },
  'Mutation.pauseCheck': { input: { id: someId } },
  'Mutation.resumeCheck': { input: { id: someId } },
  'Mutation.deleteCheck': { input: { id: someId } },
  'Mutation.changeFindingStatus': { input: { id: someId, status: new EnumValue('TRIAGED') } },
  'Mutation.assignFinding': { input: { id: someId } },
  'Mutation.replayFinding': { input: { id: someId } },
  'Mutation.createSuppression': { input: { ruleId: someId, matches: [], reason: '' } },
  'Mutation.deleteSuppression': { input: { id: someId } },
  'Mutation.tuneDetector': { input: { id: someId, parameters: [] } },
  'Mutation.createCanary': { input: { name: '', kind: new EnumValue('PERSON'), value: '' } },
  'Mutation.deleteCanary': { input: { id: someId } },
  'Mutation.proposeResponse': {
    input: {
      ...{ kind: new EnumValue('BLOCK'), targetKind: new EnumValue('PERSON'), target: '', reason: '' },
      mode: new EnumValue('APPROVAL'),
    },
  },
  'Mutation.approveResponse': { input: { id: someId } },
  'Mutation.rejectResponse': { input: { id: someId } },
  'Mutation.undoResponse': { input: { id: someId } },
  'Mutation.createResponsePolicy': { input: emptyPolicy },
  'Mutation.updateResponsePolicy': { input: { id: someId, policy: emptyPolicy } },
  'Mutation.deleteResponsePolicy': { input: { id: someId } },
  'Mutation.addToAllowList': { input: { kind: new EnumValue('PERSON'), value: '', reason: '' } },
  'Mutation.removeFromAllowList': { input: { id: someId } },
  'Mutation.createDetectionRule': { input: { sigma: '', examples: [] } },
  'Mutation.updateDetectionRule': { input: { id: someId, sigma: '', examples: [] } },
  'Mutation.enableDetectionRule': { input: { id: someId } },
  'Mutation.disableDetectionRule': { input: { id: someId } },
  'Mutation.reportVulnerabilities': { input: { target: '', report: '' } },
  'Mutation.ingestAccessEvents': { input: { ndjson: '' } },
  'Mutation.backTestDetectionRule': { input: { sigma: '', since: '2026-01-01T00:00:00.000Z' } },
});

/** What was found out: how each denied place is said to be denied, and which fields had a place at all. */
interface Walk {
  denied: Record<string, string>;
  met: Set<string>;
}

/** Walks an answer's data and says which errors the SDL wants where. */
function expectedOf(
  fields: readonly Asked[],
  data: GraphqlResult['data'],
  { viewer, by = expected }: { viewer: Viewer; by?: ExpectedDecisions },
): Walk {
  const walk: Walk = { denied: {}, met: new Set() };
  const visit = (asked: readonly Asked[], object: Record<string, unknown>, path: string): void => {
    for (const { typeName, fieldName, key, given, below } of asked) {
      const at = `${path}${key}`;
      walk.met.add(`${typeName}.${fieldName}`);
      const decision = by.decide(viewer, { typeName, fieldName, given, object });
      if (decision !== 'allowed') walk.denied[at] = decision;
      else into(below, object[key], at);
    }
  };
  const into = (below: Asked['below'], value: unknown, path: string): void => {
    if (below === null || typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) into(below, item, `${path}.${index}`);
      return;
    }
    const object = { ...value } as Record<string, unknown>; // neither null nor a list
    visit(below[String(object[typeKey])] ?? [], object, `${path}.`);
  };
  visit(fields, data ?? {}, '');
  return walk;
}

/** Denials that the answer has, by path. */
function saidOf({ errors = [] }: GraphqlResult): Record<string, string> {
  const codes = errors.map(({ path, extensions }) => [path?.join('.'), String(extensions?.code)] as const);
  return Object.fromEntries(codes.filter(([, code]) => /^(FORBIDDEN|UNAUTHENTICATED)$/.test(code)));
}

function root(of: GraphQLSchema, kind: 'Query' | 'Mutation' | 'Subscription'): GraphQLObjectType {
  const type = of.getType(kind);
  if (!isObjectType(type)) throw new Error(`${kind} is no object type`);
  return type;
}

describe('the gateway', () => {
  it.each(roleNames)('answers every query field to %s as the SDL says, at its exact path', async (role) => {
    const { viewer, token } = players[role];
    const fields = wholeOf(root(schema, 'Query'), { schema, given: givenFor() });
    for (const part of partsOf(fields)) {
      const answer = await platform.query(print(part), { token });
      // One that is refused as a whole says why.
      const refused = (answer.errors ?? []).filter(({ path }) => !path);
      expect({ status: answer.status, refused }).toEqual({ status: 200, refused: [] });
      const { denied, met } = expectedOf(part, answer.data, { viewer });
      expect(saidOf(answer)).toEqual(denied);
      for (const coordinate of met) everMet.add(coordinate);
    }
  });

  it('was asked for every field that a query can come to, of an object that is there', () => {
    expect(coordinatesBelow('Query').filter((coordinate) => !everMet.has(coordinate))).toEqual([]);
  });

  it.each(roleNames)('runs every mutation for %s that the SDL lets them, and no other', async (role) => {
    const { viewer, token } = players[role];
    const all = wholeOf(root(schema, 'Mutation'), { schema, given: givenFor(), times: 1 });
    const failed: unknown[] = [];
    for (let start = 0; start < all.length; start += changesAtOnce) {
      const fields = all.slice(start, start + changesAtOnce);
      const answer = await platform.query(`mutation ${print(fields)}`, { token });
      expect(answer.status).toBe(200);
      expect(saidOf(answer)).toEqual(expectedOf(fields, answer.data, { viewer }).denied);
      failed.push(...(answer.errors ?? []).map(({ path }) => path));
    }
    if (role === 'owner') expect(failed).toEqual(operatorsOwn.map((name) => [name]));
  });

  it.each(roleNames)('opens every subscription to %s that the SDL lets them, and no other', async (role) => {
    const { viewer, token } = players[role];
    const open = () => platform.metric(platform.gateway, 'graphql_subscriptions_open');
    for (const field of wholeOf(root(schema, 'Subscription'), { schema, given: givenFor(), times: 1 })) {
      const before = await open();
      const query = `subscription ${print([field])}`;
      const stream = await openEventStream(platform.gateway.url, {
        query,
        ...(token === null ? {} : { token }),
      });
      const decision = expected.decide(viewer, field);
      if (decision === 'allowed') await eventually(async () => (await open()) > before);
      else {
        await stream.end;
        const [first] = stream.events();
        const { errors } = JSON.parse(first?.data ?? '{}') as GraphqlResult;
        expect(errors).toMatchObject([{ path: [field.fieldName], extensions: { code: decision } }]);
      }
      stream.leave();
      await eventually(async () => (await open()) === before);
    }
  });
});

function sdlOf(subgraph: SubgraphName): string {
  return readFileSync(new URL(`../../../subgraphs/${subgraph}/schema.graphql`, import.meta.url), 'utf8');
}

/** All fields of the types that a query can come to. */
function coordinatesBelow(kind: 'Query'): string[] {
  const names = new Set<string>();
  const collect = (fields: readonly Asked[]): void => {
    for (const { typeName, fieldName, below } of fields) {
      names.add(`${typeName}.${fieldName}`);
      for (const inner of Object.values(below ?? {})) collect(inner);
    }
  };
  collect(wholeOf(root(schema, kind), { schema, given: givenFor() }));
  return [...names];
}

describe.each(['arthemiz', 'systemhealth', 'sentinel'] as const)(
  '%s, past the gateway',
  (subgraph: SubgraphName) => {
    const text = sdlOf(subgraph);
    const own = readExpectedDecisions(text, entityOf);
    const ownSchema = buildSubgraphSchema({ typeDefs: parse(text) });
    const ask = (query: string, viewer: Viewer) =>
      execute({
        url: platform.subgraphs[subgraph].url,
        environment: platform.environment,
        audience: subgraph,
        viewer,
        query,
      });

    it.each(roleNames)('shows %s of each root field and each entity what its own SDL says', async (role) => {
      const { viewer } = players[role];
      const entities: Record<string, string> = {
        ...{ Tenant: ids.tenant, Person: ids.person, Service: ids.service, Check: ids.check },
        ...{ SecurityEvent: ids.securityEvent, Finding: ids.finding, DetectionRule: ids.detectionRule },
        Response: ids.response,
      };
      const whole = { schema: ownSchema, given: givenFor(), times: 1 };
      const ofRoot = wholeOf(root(ownSchema, 'Query'), whole);
      const answer = await ask(print(ofRoot), viewer);
      expect(saidOf(answer)).toEqual(expectedOf(ofRoot, answer.data, { viewer, by: own }).denied);

      const keyed = [...text.matchAll(/^type (\w+)[^{]*@key\(fields: "id"\)/gm)].flatMap(
        ([, name = '']) => name,
      );
      expect(keyed.length).toBeGreaterThan(0);
      for (const typeName of keyed) {
        const type = ownSchema.getType(typeName);
        if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
        const fields = wholeOf(type, whole);
        const representation = `{ __typename: "${typeName}", id: "${entities[typeName]}" }`;
        const query = `{ _entities(representations: [${representation}]) { ... on ${typeName} ${print(fields)} } }`;
        const entered = await ask(query, viewer);
        const entity = entered.data?._entities?.[0] ?? null;
        const said = Object.entries(saidOf(entered)).map(([path, code]) => [
          path.replace(/^_entities\.0\./, ''),
          code,
        ]);
        if (entity !== null) {
          const { denied } = expectedOf(fields, entity, { viewer, by: own });
          expect({ typeName, said: Object.fromEntries(said) }).toEqual({ typeName, said: denied });
          continue;
        }
        // Nothing of it is shown: it is another tenant's, or a field that may not be null is denied.
        for (const [path = '', code] of said)
          expect({ typeName, path, code }).toEqual({
            ...{ typeName, path },
            code: own.decide(viewer, { typeName, fieldName: path }),
          });
        if (viewer.tenantId === ids.tenant) expect({ typeName, said }).not.toEqual({ typeName, said: [] });
      }
    });
  },
);

/**
 * A service of theirs changes its status, a response is proposed, somebody of their tenant is denied something, and a code
 * comes again.
 */
async function happening({ viewer: { tenantId } }: Player): Promise<void> {
  const watched = watchedOf[tenantId ?? ''];
  if (watched !== undefined) {
    await platform.health.change(watched, 'It happened.');
    await happenToAlert(platform.subgraphs.systemhealth.service, watched.tenantId);
    await recordSample(platform.subgraphs.systemhealth.service, watched.tenantId);
    await happenToReliability(platform.subgraphs.systemhealth.service, watched.tenantId);
  }
  await happenToResponse(platform.subgraphs.sentinel.service, tenantId ?? '');
  const token = await platform.token({ tenantId: tenantId ?? '', permissions: ['service:read'] });
  await platform.query('{ securityEvents(first: 1) { nodes { id } } }', { token });
  const reused = { personId: 'per_someone', clientId: 'cli', ipAddress: null, userAgent: null };
  await inTenant(tenantId ?? '', () =>
    platform.subgraphs.arthemiz.service.events.publish('arthemiz.code.reused.v1', {
      data: { ...reused, kind: 'authorization', firstUsedAt: new Date().toISOString() },
    }),
  );
}

// Last: the owner's own turn changes what the others above are asked about.
describeCrossing({
  schema,
  subgraphs: {
    arthemiz: sdlOf('arthemiz'),
    systemhealth: sdlOf('systemhealth'),
    sentinel: sdlOf('sentinel'),
  },
  given: givenFor,
  crossing: () => ({
    platform,
    victim: players.owner,
    intruder: players['of-another-tenant'],
    operator: players['platform-operator'],
    happening,
  }),
});
