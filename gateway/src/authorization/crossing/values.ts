// For tests only: what the walk over ids says where an operation takes something else.
// @peculiar/x509 resolves its parts with tsyringe, which wants this first.
import 'reflect-metadata';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
const certificate = (
  await X509CertificateGenerator.createSelfSigned({ name: 'CN=provider', keys, signingAlgorithm: algorithm })
).toString('pem');

/** New ones each time, so that no operation fails because the one before it took a name. */
export const values: Readonly<Record<string, () => unknown>> = {
  /** A domain, too. */
  name: () => `new-${randomBytes(6).toString('hex')}.test`,
  email: () => `new-${randomBytes(6).toString('hex')}@acme.test`,
  reason: () => 'To see whether it can be done.',
  minutes: () => 5,
  permission: () => 'check:read',
  permissions: () => [],
  confirmSlug: () => 'not-its-slug',
  region: () => 'default',
  afterMs: () => 0,
  title: () => 'To see whether it can be done.',
  message: () => 'To see whether it can be done.',
  text: () => 'To see whether it can be done.',
  slug: () => `new-${randomBytes(6).toString('hex')}`,
  document: () => sloDocument(),
  consumedRatio: () => 1,
  note: () => 'To see whether it can be done.',
  endsAt: () => new Date(Date.now() + 3_600_000).toISOString(),
  since: () => new Date(Date.now() - 3_600_000).toISOString(),
  comment: () => 'To see whether it can be done.',
  value: () => 'x',
  matches: () => [{ field: 'user.uid', value: 'eve' }],
  matchers: () => [{ name: 'x', value: 'x' }],
  sourceMatchers: () => [{ name: 'x', value: 'x' }],
  targetMatchers: () => [{ name: 'x', value: 'y' }],
  target: () => 'https://acme.test/',
  targetKinds: () => ['PERSON'],
  group: () => 'staff',
  issuer: () => 'https://127.0.0.1:9/',
  clientId: () => 'client',
  clientSecret: () => 'secret',
  entityId: () => 'https://idp.test/',
  signOnUrl: () => 'https://idp.test/sso',
  certificates: () => [certificate],
  sigma: () =>
    'title: Eve\nlogsource: { product: supergraph }\ndetection: { s: { user.uid: eve }, condition: s }',
  examples: () => [
    { name: 'eve', events: '[{"user":{"uid":"eve"}}]', isFound: true },
    { name: 'bob', events: '[{"user":{"uid":"bob"}}]', isFound: false },
  ],
  publicKeys: () => [
    { kid: 'one', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }) },
  ],
};

/** Of a service that is not there, which is said in the same way to everybody. */
function sloDocument(): string {
  const metric = (measure: string) =>
    `{ metricSource: { type: SystemHealth, spec: { measure: ${measure} } } }`;
  return [
    `apiVersion: openslo/v1\nkind: SLO\nmetadata: { name: new-${randomBytes(6).toString('hex')} }`,
    'spec:\n  service: nowhere\n  timeWindow: [{ duration: 1d, isRolling: true }]',
    `  indicator: { spec: { ratioMetric: { good: ${metric('successes')}, total: ${metric('runs')} } } }`,
    '  budgetingMethod: Occurrences\n  objectives: [{ target: 0.9 }]',
  ].join('\n');
}

/** Made anew by `values`; what an answer says of it is no difference. */
export const madeUpPattern = /new-[0-9a-f]{12}/g;

/** Slots that no id can be seen to reach, and why; what proves them instead. */
export const unreachable: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['domainIds', 'defaultRoleIds', 'groupRoles.roleId'].map((name) => [
      `createOidcConnection.input.${name}`,
      'looked at when the provider was discovered; updateSsoConnection looks in the same way, without that',
    ]),
  ),
  'assignRoles.input.scope.resourceId':
    'a role on a resource is kept by its id, whether there is such a one: arthemiz knows none of other subgraphs',
  'assignFinding.input.personId':
    'who looks into a finding is kept by their id: sentinel knows no people, and arthemiz shows only those of the tenant',
  'proposeResponse.input.findingId':
    'whom to do something to is not there, which is said first; responses.test.ts asks for a finding of another tenant',
  'tuneDetector.input.id':
    'detectors are everybody’s: no id that is a tenant’s own is one; tuning.test.ts asks for a rule that is no detector',
  'postIncidentUpdate.input.id':
    'an update without a message or a status is refused first; incidents.test.ts asks for one that is not there',
  'createAlertRule.input.notificationPolicyId':
    'what to look for is not there, which is said first; updateAlertRule looks in the same way',
  'createSeparationOfDuties.input.roleIds':
    'one alone is nothing to keep apart, which is said first; separations.test.ts asks for a role of another tenant',
  'invitePerson.input.roleIds':
    'without a mail server that is refused first; invitations.test.ts asks for roles of other tenants',
};
