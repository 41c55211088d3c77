// What an export has of a tenant that is in no model of tenants: the tenant itself, and who its people are. Passwords,
// second factors and sessions are the people's own.
import type { ExportSource } from '@supergraph/chassis/export/sources';
import type { Arthemiz } from '../context.ts';

/** Who asked for it under which key, and counts for turns, are of no use to anybody. */
const omittedOfTenant = ['idempotencyKey', 'requestDigest', 'grantChanges', 'invitationsMade'] as const;
const turnsOfTenant = [
  'clientRegistrations',
  'domainsNamed',
  'environmentsMade',
  'exportsMade',
  'moves',
] as const;

const tenant: ExportSource<Arthemiz> = {
  name: 'Tenant',
  omitted: [...omittedOfTenant, ...turnsOfTenant],
  async read({ service, tenantId }) {
    const without = Object.fromEntries(
      [...omittedOfTenant, ...turnsOfTenant].map((name) => [name, 0] as const),
    );
    const documents = await service.models.Tenant.find({ _id: tenantId }, without).lean();
    return { documents, next: null };
  },
};

const people: ExportSource<Arthemiz> = {
  name: 'Person',
  omitted: [],
  async read({ service, after, limit }) {
    const { Membership, Person } = service.models;
    const members = await Membership.find(typeof after === 'string' ? { personId: { $gt: after } } : {})
      .sort({ personId: 1 })
      .limit(limit)
      .lean();
    const ids = members.map(({ personId }) => personId);
    const known = { email: 1, displayName: 1, emailVerifiedAt: 1, createdAt: 1 } as const;
    const documents = await Person.find({ _id: { $in: ids } }, known)
      .sort({ _id: 1 })
      .lean();
    return { documents, next: members.length < limit ? null : (ids.at(-1) ?? null) };
  },
};

export const furtherExports: ReadonlyArray<ExportSource<Arthemiz>> = [tenant, people];
