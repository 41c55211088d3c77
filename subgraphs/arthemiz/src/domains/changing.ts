// Naming, verifying and removing domains of the tenant in scope. A verified one is one tenant's.
import { randomBytes } from 'node:crypto';
import { isDuplicateKey } from '@supergraph/chassis/database';
import { serviceUnavailable } from '@supergraph/chassis/errors';
import { newId } from '@supergraph/chassis/identifiers';
import { OutgoingError } from '@supergraph/chassis/outgoing';
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { acrossTenants, currentTenant, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { doAtHome } from '../home-tasks/doing.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { takeTurn } from '../turns/taking.ts';
import { proofRecords } from './dns.ts';
import { type Proof, tellDomainRemoved, tellDomainVerified } from './events.ts';
import type { DomainRow } from './model.ts';
import {
  type DomainRefusal,
  domainLimitReached,
  domainNotFound,
  domainNotProven,
  domainTaken,
} from './refusals.ts';
import { isProof, maximumDomains } from './rules.ts';

export type DomainOutcome = { domain: DomainRow } | { refusal: DomainRefusal };

/** Names a domain, to be verified; one that is there already is answered with. Whoever else may have named it is not told. */
export function addDomain(service: Arthemiz, name: string): Promise<DomainOutcome> {
  return inTenantsRegion<DomainOutcome>(service, async () => {
    const { Domain } = service.models;
    // Takes the tenant's turn, so that the bound holds and a name is made once.
    await takeTurn(service, 'domainsNamed');
    const known: DomainRow | null = await Domain.findOne({ name }).lean();
    if (known !== null) return { domain: known };
    if ((await Domain.countDocuments()) >= maximumDomains) return { refusal: domainLimitReached() };
    const domain = {
      _id: newId('dom'),
      name,
      challenge: randomBytes(20).toString('base64url'),
      isVerified: false,
      verifiedAt: null,
      connectionId: null,
      createdAt: new Date(),
    };
    await Domain.create([domain]);
    return { domain: { ...domain, tenantId: currentTenant() } };
  });
}

/** Looks in DNS whether the domain says that it is this tenant's. */
export async function verifyDomain(
  service: Arthemiz,
  { id, verifiedBy }: { id: string; verifiedBy: string },
): Promise<DomainOutcome> {
  const domain: DomainRow | null = await service.models.Domain.findOne({ _id: id }).lean();
  if (domain === null) return { refusal: domainNotFound() };
  if (domain.isVerified) return { domain };
  try {
    const records = await proofRecords(service, domain.name);
    if (!isProof(records, domain.challenge)) return { refusal: domainNotProven(domain) };
  } catch (error) {
    if (!(error instanceof OutgoingError)) throw error;
    throw serviceUnavailable('DNS gave no answer about this domain. Try again later.', { cause: error });
  }
  return markVerified(service, { domain, proof: 'dns', verifiedBy });
}

/** Verifies a domain for a tenant, whichever, on a platform operator's word. */
export function approveDomain(
  service: Arthemiz,
  { tenantId, name, verifiedBy }: { tenantId: string; name: string; verifiedBy: string },
): Promise<DomainOutcome> {
  return acrossTenants('an operator verifies the domain of a tenant', async () => {
    const isTenant = (await service.models.Tenant.exists({ _id: tenantId })) !== null;
    if (!isTenant) return { refusal: domainNotFound('There is no tenant of this id.') };
    return inTenant(tenantId, async () => {
      const added = await addDomain(service, name);
      if ('refusal' in added || added.domain.isVerified) return added;
      return markVerified(service, { ...added, proof: 'operator', verifiedBy });
    });
  });
}

async function markVerified(
  service: Arthemiz,
  { domain, proof, verifiedBy }: { domain: DomainRow; proof: Proof; verifiedBy: string },
): Promise<DomainOutcome> {
  const { Domain } = service.models;
  const verified = { isVerified: true, verifiedAt: new Date() };
  const claim = () => service.transaction(() => takeOwnership(service, domain), { at: 'home' });
  try {
    // Elsewhere before it: a domain that is verified is one tenant's, and a claim alone leads nobody anywhere.
    if (!isAtHome(service.connection)) await claim();
    return await inTenantsRegion<DomainOutcome>(service, async (unit) => {
      const before = await Domain.findOneAndUpdate({ _id: domain._id }, { $set: verified }).lean();
      if (before === null) return { refusal: domainNotFound() };
      // Another copy was faster, and has told.
      if (before.isVerified) return { domain: before };
      if (isAtHome(service.connection)) await claim();
      await tellDomainVerified(unit, { domain, proof, verifiedBy });
      return { domain: { ...before, ...verified } };
    });
  } catch (error) {
    if (isDuplicateKey(error)) return { refusal: domainTaken(domain.name) };
    throw error;
  }
}

/** @throws a duplicate key where another tenant has it */
async function takeOwnership({ models }: Arthemiz, { _id: domainId, name }: DomainRow): Promise<void> {
  const { Domain, DomainOwner } = models;
  const owner = await DomainOwner.findOne({ _id: name }).lean();
  // Of an attempt that came to no end.
  if (owner?.domainId === domainId) return;
  // What a tenant that is gone has left stands in nobody's way.
  const isLeft =
    owner !== null &&
    (await acrossTenants('whether the owner of a domain still has it', () =>
      inTenant(owner.ownerId, () => Domain.exists({ _id: owner.domainId })),
    )) === null;
  if (isLeft) await DomainOwner.deleteOne({ _id: name, domainId: owner.domainId });
  await DomainOwner.create([{ _id: name, ownerId: currentTenant(), domainId }]);
}

export type RemovalOutcome = { removedDomainId: string } | { refusal: DomainRefusal };

/** From then on its addresses sign in like any others, and another tenant may verify it. */
export function removeDomain(
  service: Arthemiz,
  { id, removedBy }: { id: string; removedBy: string },
): Promise<RemovalOutcome> {
  return inTenantsRegion<RemovalOutcome>(service, async (unit) => {
    const domain = await service.models.Domain.findOneAndDelete({ _id: id }).lean();
    if (domain === null) return { refusal: domainNotFound() };
    await doAtHome(service, 'free-domain', { name: domain.name, domainId: id });
    await tellDomainRemoved(unit, { domain, removedBy });
    return { removedDomainId: id };
  });
}
