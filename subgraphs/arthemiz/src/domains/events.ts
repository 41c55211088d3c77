// Facts about domains that others hear of.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { DomainRow } from './model.ts';

export type Proof = 'dns' | 'operator';

export function tellDomainVerified(
  { emit }: UnitOfWork,
  {
    domain,
    proof,
    verifiedBy,
  }: { domain: Pick<DomainRow, '_id' | 'name'>; proof: Proof; verifiedBy: string },
): Promise<void> {
  const { _id: domainId, name } = domain;
  return emit('arthemiz.domain.verified.v1', {
    subject: domainId,
    data: { domainId, name, proof, verifiedBy },
  });
}

export function tellDomainRemoved(
  { emit }: UnitOfWork,
  { domain, removedBy }: { domain: Pick<DomainRow, '_id' | 'name' | 'isVerified'>; removedBy: string },
): Promise<void> {
  const { _id: domainId, name, isVerified: wasVerified } = domain;
  return emit('arthemiz.domain.removed.v1', {
    subject: domainId,
    data: { domainId, name, wasVerified, removedBy },
  });
}
