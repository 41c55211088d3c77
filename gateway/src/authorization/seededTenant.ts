// For the matrix: what tenants have that only their owners or operators see, stored as arthemiz stores it.
import { randomBytes } from 'node:crypto';
import { newId } from '@supergraph/chassis/identifiers';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../../../subgraphs/arthemiz/src/context.ts';
import type { Sentinel } from '../../../subgraphs/sentinel/src/context.ts';
import { propose } from '../../../subgraphs/sentinel/src/responses/proposing.ts';
import { alertChangedTopic } from '../../../subgraphs/systemhealth/src/alerts/live.ts';
import type { SystemHealth } from '../../../subgraphs/systemhealth/src/context.ts';
import { sampleStoreOf } from '../../../subgraphs/systemhealth/src/metrics/storing.ts';
import type { WatchedService } from '../testing/health-changes.ts';

const someone = 'per_someone';
const inAnHour = () => new Date(Date.now() + 3_600_000);

/** Closes it, as far as its document says: it is suspended, half erased and could not be moved. */
export async function seedClosure({ models }: Arthemiz, _id: string): Promise<void> {
  const now = new Date();
  const suspension = { reason: 'Unpaid', since: now, by: someone };
  const deletion = { scheduledAt: now, eraseAt: inAnHour(), begunAt: now, by: someone };
  await models.Tenant.updateOne({ _id }, { $set: { suspension, deletion } });
  const part = { subgraph: 'sentinel', erased: 1, batch: 1, failures: 1, isDone: false };
  await models.TenantErasure.create([{ _id, parts: [part] }]);
  await models.TenantMove.create([
    {
      ...{ _id, sequence: 1, from: 'default', to: 'eu', status: 'FAILED' },
      parts: [{ subgraph: 'sentinel', status: 'FAILED', error: 'It could not be copied.' }],
      ...{ askedAt: now, startedAt: now, finishedAt: now },
    },
  ]);
}

/** One that has been downloaded from one subgraph and is not written in the other; nobody asks for it any more. */
export async function seedExport({ models }: Arthemiz, tenantId: string): Promise<void> {
  const part = { documents: 1, batch: 2, failures: 0 };
  const parts = [
    { ...part, subgraph: 'sentinel', isDone: true },
    { ...part, subgraph: 'systemhealth', isDone: false, failures: 1, error: 'It could not be read.' },
  ];
  await inTenant(tenantId, () =>
    models.TenantExport.create([
      { requestedBy: someone, parts, createdAt: new Date(), expiresAt: inAnHour() },
    ]),
  );
}

export async function seedServiceClient({ models }: Arthemiz, tenantId: string): Promise<void> {
  await inTenant(tenantId, () =>
    models.ServiceClient.create([
      { name: 'Nightly report', roleIds: [], createdBy: someone, createdAt: new Date() },
    ]),
  );
}

export async function seedRegisteredClient({ models }: Arthemiz, tenantId: string): Promise<void> {
  const client = {
    ...{
      name: 'Ticket desk',
      redirectUris: ['https://desk.example/callback'],
      applicationType: 'web' as const,
    },
    ...{ authenticationMethod: 'none' as const, grantTypes: ['authorization_code'], scope: 'openid' },
    ...{ registrationTokenHash: 'x', createdBy: someone, createdAt: new Date() },
  };
  await inTenant(tenantId, () => models.RegisteredClient.create([client]));
}

export async function seedRemovedMember({ models }: Arthemiz, tenantId: string): Promise<void> {
  const named = { email: 'gone@acme.test', displayName: 'Gone Guest' };
  await inTenant(tenantId, () =>
    models.RemovedMember.create([
      { ...named, personId: 'per_gone', removedBy: someone, removedAt: new Date() },
    ]),
  );
}

/** A connection by each protocol, of one domain. */
export async function seedSingleSignOn({ models }: Arthemiz, tenantId: string): Promise<void> {
  const now = new Date();
  await inTenant(tenantId, async () => {
    const { _id: roleId } = await models.Role.findOne({ name: 'viewer' }).orFail().lean();
    const both = {
      ...{ isEnabled: true, isRequired: false, provisionsPeople: true, groupsClaim: 'groups' },
      ...{ defaultRoleIds: [roleId], groupRoles: [{ group: 'staff', roleId }] },
      ...{ createdAt: now, changedAt: now },
    };
    const oidc = {
      ...{ issuer: 'https://idp.test', clientId: 'x', sealedClientSecret: 'x', scopes: ['openid'] },
    };
    const saml = { entityId: 'https://idp.test', signOnUrl: 'https://idp.test/sso', certificates: ['x'] };
    const [connection] = await models.SsoConnection.create([
      { ...both, name: 'By OpenID', protocol: 'OIDC', oidc },
      { ...both, name: 'By SAML', protocol: 'SAML', saml },
    ]);
    const name = `${randomBytes(4).toString('hex')}.test`;
    const domain = { name, challenge: 'x', isVerified: true, verifiedAt: now, createdAt: now };
    await models.Domain.create([{ ...domain, connectionId: connection?._id ?? null }]);
  });
}

/** A rule of the tenant's own, what it found in the latest event, and what was done about it. */
export async function seedFinding(
  { models }: Sentinel,
  { tenantId, assigneeId }: { tenantId: string; assigneeId: string | null },
): Promise<{ finding: string; detectionRule: string; response: string }> {
  const now = new Date();
  const sigma =
    'title: Never\ndescription: Finds nothing.\ntags: [attack.t1078]\nlogsource: { product: nothing }\ndetection: { s: { a: b }, condition: s }';
  return inTenant(tenantId, async () => {
    const [rule] = await models.DetectionRule.create([
      { sigma, isEnabled: true, createdAt: now, changedAt: now },
    ]);
    const event = await models.SecurityEvent.findOne().sort({ occurredAt: -1 }).lean();
    const point = { latitude: 51.5, longitude: 0, radiusKm: 10 };
    await models.SecurityEvent.updateMany(
      {},
      { $set: { place: { country: 'GB', city: 'London', point } } },
      { overwriteImmutable: true },
    );
    const [finding] = await models.Finding.create([
      {
        ...{ ruleId: rule?._id ?? '', ruleVersion: 1, group: '[]', title: 'Never', severity: 'LOW' },
        ...{
          techniques: ['T1078'],
          subjects: [{ field: 'user.uid', value: assigneeId ?? 'someone' }],
          status: 'NEW',
        },
        ...{ statusSince: now, assigneeId, firstSeenAt: now, lastSeenAt: now, evidenceCount: 1 },
        ...{ createdAt: now, changedAt: now, expiresAt: inAnHour() },
      },
    ]);
    const evidence = { findingId: finding?._id ?? '', securityEventId: event?._id ?? 'sev_gone' };
    await models.FindingEvidence.create([{ ...evidence, occurredAt: now, expiresAt: inAnHour() }]);
    await seedDetections(
      { models },
      { ruleId: rule?._id ?? '', by: assigneeId, eventId: event?._id ?? 'sev_gone' },
    );
    const response = await seedResponse({ models }, { findingId: finding?._id ?? '', by: assigneeId });
    await models.EventGap.create([
      {
        _id: `gap_${tenantId}`,
        source: 'gateway',
        reason: 'SAMPLED',
        hour: 1,
        from: now,
        until: now,
        count: 1,
        expiresAt: inAnHour(),
      },
    ]);
    const signed = { size: 1, hash: '0'.repeat(64), signedAt: now };
    await models.AuditCheckpoint.create([{ ...signed, note: 'a note', verifierKey: 'a key' }]);
    return { finding: finding?._id ?? '', detectionRule: rule?._id ?? '', response };
  });
}

/** What is not to be found, what is watched, and what the rule said before. */
async function seedDetections(
  { models }: Pick<Sentinel, 'models'>,
  { ruleId, by, eventId }: { ruleId: string; by: string | null; eventId: string },
): Promise<void> {
  const now = new Date();
  await models.RuleVersion.create([{ ruleId, version: 1, sigma: 'title: Never', createdAt: now }]);
  await models.Canary.create([
    { name: 'Decoy', kind: 'CLIENT', value: 'svc_decoy', createdBy: by, createdAt: now },
  ]);
  const [suppression] = await models.Suppression.create([
    {
      ...{ ruleId, matches: [{ field: 'user.uid', value: 'nobody' }], reason: 'x', createdBy: by },
      ...{ createdAt: now, until: inAnHour(), hitCount: 1, lastHitAt: now },
    },
  ]);
  const suppressed = { suppressionId: suppression?._id ?? '', securityEventId: eventId };
  await models.SuppressedEvent.create([{ ...suppressed, occurredAt: now, expiresAt: inAnHour() }]);
}

/** A policy, what it proposed, and an entry of the allow-list. */
async function seedResponse(
  { models }: Pick<Sentinel, 'models'>,
  { findingId, by }: { findingId: string; by: string | null },
): Promise<string> {
  const now = new Date();
  const [policy] = await models.ResponsePolicy.create([
    {
      ...{
        name: 'Seeded',
        kind: 'BLOCK',
        targetKinds: ['CLIENT'],
        minimumSeverity: 'CRITICAL',
        ruleIds: ['x'],
      },
      ...{
        mode: 'APPROVAL',
        minutes: 5,
        isEnabled: false,
        changedBy: by ?? 'none',
        createdAt: now,
        changedAt: now,
      },
    },
  ]);
  const log = [{ status: 'PROPOSED', at: now, by, note: 'x' }];
  const [response] = await models.Response.create([
    {
      ...{ kind: 'BLOCK', targetKind: 'CLIENT', target: 'svc_seeded', status: 'PROPOSED', isLive: true, log },
      ...{ reason: 'x', findingId, policyId: policy?._id ?? null, proposedBy: by, minutes: 5 },
      ...{ endsAt: inAnHour(), createdAt: now, changedAt: now, expiresAt: inAnHour() },
    },
  ]);
  await models.AccessRule.create([
    {
      ...{ effect: 'ALLOW', kind: 'CLIENT', value: 'svc_allowed', reason: 'x' },
      ...{ until: inAnHour(), createdBy: by, createdAt: now },
    },
  ]);
  return response?._id ?? '';
}

/** Something is proposed, each time to be done to somebody else. */
export async function happenToResponse(service: Sentinel, tenantId: string): Promise<void> {
  await inTenant(tenantId, () =>
    service.transaction((unit) =>
      propose(service, unit, {
        kind: 'BLOCK',
        target: { kind: 'CLIENT', value: newId('svc') },
        mode: 'APPROVAL',
        ...{ reason: 'x', findingId: null, policyId: null, proposedBy: null, minutes: 5 },
      }),
    ),
  );
}

/** A rule with an alert that fires, is acknowledged and kept quiet, and one of each of what is told and silenced. */
export async function seedAlerts(
  { models }: SystemHealth,
  watched: WatchedService,
): Promise<{ alertId: string }> {
  const { serviceId, checkId } = watched;
  const now = new Date();
  const createdBy = someone;
  return inTenant(watched.tenantId, async () => {
    const channel = await models.NotificationChannel.create({
      ...{ name: 'On call', kind: 'EMAIL', target: 'a@acme.test', emails: ['a@acme.test'], isDefault: false },
      createdAt: now,
    });
    const steps = [{ afterMs: 0, channelIds: [channel._id] }];
    const policy = await models.NotificationPolicy.create({
      name: 'P',
      groupBy: ['x'],
      groupWaitMs: 0,
      steps,
    });
    const labels = [{ name: 'x', value: 'y' }];
    const rule = await models.AlertRule.create({
      ...{ name: 'Seeded', severity: 'INFO', forMs: 0, recoverForMs: 0, labels, isUnseen: false },
      condition: { checkStatus: { statuses: ['UNKNOWN'], serviceIds: [serviceId], checkIds: [checkId] } },
      ...{ notificationPolicyId: policy._id, createdAt: now },
    });
    const matchers = [{ name: 'x', value: 'y', isEqual: true }];
    await models.AlertRule.create(
      conditionsOfMetrics(matchers, rule._id).map((condition, index) => ({
        ...{ name: `Seeded ${index}`, severity: 'INFO' as const, forMs: 0, recoverForMs: 0, labels },
        ...{ condition, createdAt: now, verdict: 'UNKNOWN' as const, verdictSince: now, isEnabled: false },
        isUnseen: false,
      })),
    );
    const period = { startsAt: now, endsAt: inAnHour() };
    const silence = await models.Silence.create({
      ...{ ...period, matchers, comment: 'x', createdBy, expiresAt: inAnHour() },
    });
    await models.MaintenanceWindow.create({ ...period, name: 'x', serviceIds: ['svc_x'], createdBy });
    await models.Inhibition.create({
      ...{ sourceMatchers: matchers, targetMatchers: matchers, equalLabels: ['x'] },
    });
    const alert = await models.Alert.create({
      ...{ ruleId: rule._id, fingerprint: 'f', firstSequence: 1, labels, severity: 'INFO', summary: 'x' },
      ...{ serviceId, checkId, state: 'FIRING', isOpen: true, sequence: 1, observedAt: now, startedAt: now },
      acknowledgement: { acknowledgedBy: someone, acknowledgedAt: now },
      suppression: { kind: 'SILENCE', sourceId: silence._id, since: now },
      transitions: [{ sequence: 1, kind: 'FIRED', occurredAt: now }],
    });
    await models.Notification.create({
      ...{ channelId: channel._id, alertId: alert._id, idempotencyKey: 'f:1', sequence: 1, kind: 'FIRED' },
      ...{ groupKey: 'x', state: 'DELIVERED', attempts: 1, createdAt: now, expiresAt: inAnHour() },
    });
    return { alertId: alert._id };
  });
}

/** One of each kind. */
function conditionsOfMetrics(matchers: { name: string; value: string; isEqual: boolean }[], ruleId: string) {
  const selector = { metric: seededMetric, matchers };
  const window = { ...selector, aggregation: 'AVG' as const, windowMs: 60_000 };
  const limit = { comparison: 'ABOVE' as const, threshold: 1, clearThreshold: 0 };
  return [
    { threshold: { ...window, ...limit } },
    { absence: { ...selector, durationMs: 60_000 } },
    { rateOfChange: { ...window, ...limit, unit: 'PERCENT' as const } },
    { anomaly: { ...window, direction: 'EITHER' as const, deviations: 4, weeks: 4, minimumWeeks: 3 } },
    { composite: { allOf: [ruleId], anyOf: [ruleId], noneOf: [ruleId] } },
  ];
}

/** Tells of a transition as an evaluation does after its commit. */
export async function happenToAlert({ models, live }: SystemHealth, tenantId: string): Promise<void> {
  await inTenant(tenantId, async () => {
    const { _id: alertId, serviceId, sequence } = await models.Alert.findOne().orFail().lean();
    const change = { alertId, serviceId, sequence, kind: 'FIRED', occurredAt: Date.now() };
    await live.publish(alertChangedTopic, change);
  });
}

/** The metric that tenants have samples of. */
export const seededMetric = 'seeded_depth';

/** A sample, stored and told as one that comes from outside. */
export async function recordSample(service: SystemHealth, tenantId: string): Promise<void> {
  const labels = [{ name: 'queue', value: 'mails' }];
  const sample = { tenantId, metric: seededMetric, labels, at: Date.now(), value: 1 };
  const use = { ...sample, metric: 'cpu_usage_cores', labels: [{ name: 'workload', value: 'shop' }] };
  await inTenant(tenantId, () => sampleStoreOf(service).store([sample, use]));
}
