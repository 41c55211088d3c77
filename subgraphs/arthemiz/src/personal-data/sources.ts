// What a person's copy has beside the documents that are about them: what they are in their tenants, by names; what they
// let applications do; and who invited their address.
import type { PersonalSource } from '@supergraph/chassis/personal-data/sources';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { listInRegions } from '../residency/searching.ts';
import { programNames } from '../sessions/programs.ts';

const reason = 'a person has a copy of what is kept about them in all tenants';

const belonging: PersonalSource<Arthemiz> = {
  model: 'Belonging',
  omitted: [],
  async read({ service, personId, after, limit }) {
    const { models } = service;
    const found = await listInRegions(service, {
      reason,
      list: () =>
        models.Membership.find({ personId, ...later(after) })
          .sort({ _id: 1 })
          .limit(limit)
          .lean(),
    });
    const members = firstOf(found, limit);
    const idsOf = (pick: (member: (typeof members)[number]) => readonly string[] | null | undefined) => ({
      _id: { $in: members.flatMap((member) => pick(member) ?? []) },
    });
    const tenants = await models.Tenant.find(idsOf(({ tenantId }) => [tenantId])).lean();
    const roles = await listInRegions(service, {
      reason,
      list: () => models.Role.find(idsOf(({ roleIds }) => roleIds)).lean(),
    });
    const groups = await listInRegions(service, {
      reason,
      list: () => models.Group.find(idsOf(({ groupIds }) => groupIds)).lean(),
    });
    const named = (rows: ReadonlyArray<{ _id: string; name: string }>, ids?: readonly string[] | null) =>
      rows.filter(({ _id }) => ids?.includes(_id)).map(({ name }) => name);
    const documents = members.map(({ tenantId, roleIds, groupIds, createdAt, suspendedAt = null }) => ({
      ...{ tenantId, tenant: named(tenants, [tenantId])[0] ?? null, since: createdAt, suspendedAt },
      ...{ roles: named(roles, roleIds), groups: named(groups, groupIds) },
    }));
    return { documents, next: nextOf(members, limit) };
  },
};

/** As the provider keeps it: scopes by the API that they are for, and what the client learns by itself. */
const granted = z.object({
  openid: z.object({ scope: z.string().optional() }).optional(),
  resources: z.record(z.string(), z.string()).optional(),
});

const consent: PersonalSource<Arthemiz> = {
  model: 'Consent',
  omitted: [],
  async read({ service, personId: accountId, after, limit }) {
    const grants = await service.models.OidcArtifact.find({ accountId, kind: 'Grant', ...later(after) })
      .sort({ _id: 1 })
      .limit(limit)
      .lean();
    const applications = await programNames(
      service,
      grants.map(({ clientId }) => clientId ?? ''),
    );
    const documents = grants.map(
      ({ payload, clientId, actingTenantId: tenantId, sessionId, signedInAt, expiresAt }, index) => {
        const { openid, resources = {} } = granted.parse(JSON.parse(payload));
        return {
          ...{ application: applications[index], clientId, tenantId, sessionId, signedInAt, expiresAt },
          scope: openid?.scope ?? '',
          resources,
        };
      },
    );
    return { documents, next: nextOf(grants, limit) };
  },
};

/** The mails to the address: nothing else is kept of one that was sent. */
const invitation: PersonalSource<Arthemiz> = {
  model: 'InvitationOfAddress',
  omitted: ['linkDigest', 'invitedBy'],
  async read({ service, personId, after, limit }) {
    const { models } = service;
    const person = await models.Person.findOne({ _id: personId }).lean();
    if (person === null) return { documents: [], next: null };
    const found = await listInRegions(service, {
      reason,
      list: () =>
        models.Invitation.find({ email: person.email, ...later(after) }, { linkDigest: 0, invitedBy: 0 })
          .sort({ _id: 1 })
          .limit(limit)
          .lean(),
    });
    const documents = firstOf(found, limit);
    return { documents, next: nextOf(documents, limit) };
  },
};

function later(after: unknown) {
  return typeof after === 'string' ? { _id: { $gt: after } } : {};
}

/** Each region gave its first ones. */
function firstOf<Row extends { _id: string }>(rows: readonly Row[], limit: number): Row[] {
  return [...rows].sort((one, other) => (one._id < other._id ? -1 : 1)).slice(0, limit);
}

function nextOf(rows: ReadonlyArray<{ _id: string }>, limit: number): string | null {
  return rows.length < limit ? null : (rows.at(-1)?._id ?? null);
}

export const furtherPersonalData: ReadonlyArray<PersonalSource<Arthemiz>> = [belonging, consent, invitation];
