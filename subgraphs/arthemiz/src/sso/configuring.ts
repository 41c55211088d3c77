// Making, changing and deleting connections of the tenant in scope. Whoever decides which provider vouches for the
// tenant's people can become any of them, so nobody may who holds less than any role of the tenant allows.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { newId } from '@supergraph/chassis/identifiers';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import type { Changer } from '../roles/changing.ts';
import { givingRefusal } from '../roles/giving.ts';
import { grantsInTurn } from '../roles/reading.ts';
import { tellConnection } from './events.ts';
import type { SsoConnectionRow } from './model.ts';
import { discover, sealClientSecret } from './oidc.ts';
import {
  connectionLimitReached,
  connectionNameTaken,
  connectionNotFound,
  connectionUnproven,
  domainsNotVerified,
  otherProtocol,
  providerUnreachable,
  roleNotFound,
  type SsoRefusal,
} from './refusals.ts';
import {
  maximumConnections,
  type NewOidcConnection,
  type NewSamlConnection,
  type OidcSettings,
  type UpdatedConnection,
  whoseSessionsEnd,
} from './rules.ts';
import { endWhoCameByIt, endWhoCameOtherwise } from './session-ends.ts';

export type ConnectionOutcome = { connection: SsoConnectionRow } | { refusal: SsoRefusal };

export async function createOidcConnection(
  service: Arthemiz,
  { changer, oidc, domainIds, ...plan }: NewOidcConnection & { changer: Changer },
): Promise<ConnectionOutcome> {
  if (!(await isReachable(service, oidc))) return { refusal: providerUnreachable(oidc.issuer) };
  const _id = newId('sso');
  const settings = { protocol: 'OIDC' as const, oidc: sealedSettings(service, _id, oidc), saml: null };
  return create(service, { connection: { ...plan, _id, ...settings }, domainIds, changer });
}

export function createSamlConnection(
  service: Arthemiz,
  { changer, saml, domainIds, ...plan }: NewSamlConnection & { changer: Changer },
): Promise<ConnectionOutcome> {
  const settings = { protocol: 'SAML' as const, oidc: null, saml };
  return create(service, { connection: { ...plan, _id: newId('sso'), ...settings }, domainIds, changer });
}

type Planned = Omit<
  SsoConnectionRow,
  'isEnabled' | 'isRequired' | 'lastUsedAt' | 'createdAt' | 'changedAt' | 'tenantId'
>;

function create(
  service: Arthemiz,
  { connection: planned, domainIds, changer }: Omit<Storing, 'connection'> & { connection: Planned },
): Promise<ConnectionOutcome> {
  const now = new Date();
  const connection: SsoConnectionRow = {
    ...planned,
    isEnabled: true,
    isRequired: false,
    lastUsedAt: null,
    createdAt: now,
    changedAt: now,
    tenantId: currentTenant(),
  };
  return storing(service, { connection, domainIds, changer }, async (unit) => {
    const { SsoConnection } = service.models;
    if ((await SsoConnection.countDocuments()) >= maximumConnections) return connectionLimitReached();
    await SsoConnection.create([connection]);
    await tellConnection(unit, 'arthemiz.connection.created.v1', { connection, changedBy: changer.subject });
    return null;
  });
}

/** What is not named stays as it is. */
export async function updateConnection(
  service: Arthemiz,
  { id, changer, oidc, saml, domainIds, ...wanted }: UpdatedConnection & { changer: Changer },
): Promise<ConnectionOutcome> {
  const { SsoConnection } = service.models;
  const before: SsoConnectionRow | null = await SsoConnection.findOne({ _id: id }).lean();
  if (before === null) return { refusal: connectionNotFound() };
  const isOfProtocol = before.protocol === 'OIDC' ? saml === undefined : oidc === undefined;
  if (!isOfProtocol) return { refusal: otherProtocol(before.protocol) };
  if (oidc !== undefined && !(await isReachable(service, oidc)))
    return { refusal: providerUnreachable(oidc.issuer) };
  const named = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
  const connection: SsoConnectionRow = {
    ...before,
    ...named,
    // Another provider has yet to show that it lets anybody in.
    ...(oidc === undefined ? {} : { oidc: sealedSettings(service, id, oidc), lastUsedAt: null }),
    ...(saml === undefined ? {} : { saml, lastUsedAt: null }),
    changedAt: new Date(),
  };
  if (connection.isRequired && connection.lastUsedAt === null) return { refusal: connectionUnproven() };
  return storing(service, { connection, domainIds, changer }, async (unit) => {
    const { _id: _, tenantId: __, ...fields } = connection;
    const { matchedCount } = await SsoConnection.updateOne(
      { _id: id, changedAt: before.changedAt },
      { $set: fields },
    );
    // Deleted, or changed by somebody else meanwhile, which this must not undo unseen.
    if (matchedCount === 0) return connectionNotFound();
    await endSessionsOf(service, { before, after: connection, domainIds, changedBy: changer.subject });
    await tellConnection(unit, 'arthemiz.connection.updated.v1', { connection, changedBy: changer.subject });
    return null;
  });
}

async function endSessionsOf(
  service: Arthemiz,
  {
    before,
    after,
    domainIds,
    changedBy,
  }: Pick<Storing, 'domainIds'> & { before: SsoConnectionRow; after: SsoConnectionRow; changedBy: string },
): Promise<void> {
  const whose = whoseSessionsEnd({ before, after, isForOtherDomains: domainIds !== undefined });
  const closing = { connectionId: after._id, changedBy };
  if (whose === 'who-came-by-it') await endWhoCameByIt(service, closing);
  if (whose === 'who-came-otherwise') await endWhoCameOtherwise(service, closing);
}

export type DeletionOutcome = { deletedSsoConnectionId: string } | { refusal: SsoRefusal };

/** Whoever came by it is signed out, stays a member, and signs in by other ways. */
export function deleteConnection(
  service: Arthemiz,
  { id, changer }: { id: string; changer: Changer },
): Promise<DeletionOutcome> {
  const { SsoConnection, Domain, IdentityLink } = service.models;
  return inTenantsRegion<DeletionOutcome>(service, async (unit) => {
    const refusal = await lacking(service, { changer, roleIds: [] });
    if (refusal !== null) return { refusal };
    const connection = await SsoConnection.findOneAndDelete({ _id: id }).lean();
    if (connection === null) return { refusal: connectionNotFound() };
    await Domain.updateMany({ connectionId: id }, { $set: { connectionId: null } });
    await IdentityLink.deleteMany({ connectionId: id });
    await endWhoCameByIt(service, { connectionId: id, changedBy: changer.subject });
    await tellConnection(unit, 'arthemiz.connection.deleted.v1', { connection, changedBy: changer.subject });
    return { deletedSsoConnectionId: id };
  });
}

interface Storing {
  connection: SsoConnectionRow;
  domainIds: readonly string[] | undefined;
  changer: Changer;
}

async function storing(
  service: Arthemiz,
  { connection, domainIds, changer }: Storing,
  store: (unit: UnitOfWork) => Promise<SsoRefusal | null>,
): Promise<ConnectionOutcome> {
  const { defaultRoleIds, groupRoles } = connection;
  const roleIds = [...defaultRoleIds, ...groupRoles.map(({ roleId }) => roleId)];
  try {
    return await inTenantsRegion<ConnectionOutcome>(service, async (unit) => {
      const refusal =
        (await lacking(service, { changer, roleIds })) ??
        (await leadDomains(service, { connectionId: connection._id, domainIds })) ??
        (await store(unit));
      return refusal === null ? { connection } : { refusal };
    });
  } catch (error) {
    if (isDuplicateKey(error)) return { refusal: connectionNameTaken(connection.name) };
    throw error;
  }
}

/** Why somebody may not decide about connections, or what of their plan is missing. */
async function lacking(
  service: Arthemiz,
  { changer, roleIds }: { changer: Changer; roleIds: readonly string[] },
): Promise<SsoRefusal | null> {
  const { roles } = await grantsInTurn(service);
  const refusal = givingRefusal(roles, { given: roles.keys(), held: changer.permissions });
  if (refusal !== undefined) return refusal;
  return roleIds.every((id) => roles.has(id)) ? null : roleNotFound();
}

/** Lets exactly these domains lead to the connection. One that led to another leads there no more. */
async function leadDomains(
  { models }: Arthemiz,
  { connectionId, domainIds }: { connectionId: string; domainIds: readonly string[] | undefined },
): Promise<SsoRefusal | null> {
  if (domainIds === undefined) return null;
  const ids = [...new Set(domainIds)];
  const { Domain } = models;
  if ((await Domain.countDocuments({ _id: { $in: ids }, isVerified: true })) < ids.length)
    return domainsNotVerified();
  await Domain.updateMany({ connectionId, _id: { $nin: ids } }, { $set: { connectionId: null } });
  await Domain.updateMany({ _id: { $in: ids } }, { $set: { connectionId } });
  return null;
}

async function isReachable(service: Arthemiz, settings: OidcSettings): Promise<boolean> {
  try {
    await discover(service, settings);
    return true;
  } catch (error) {
    service.logger.info({ err: error }, 'an identity provider could not be discovered');
    return false;
  }
}

function sealedSettings(service: Arthemiz, connectionId: string, settings: OidcSettings) {
  const { clientSecret, ...rest } = settings;
  return { ...rest, sealedClientSecret: sealClientSecret(service, connectionId, clientSecret) };
}
