// Facts about tenants that the other subgraphs hear of.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Compliance } from './compliance-rules.ts';
import type { TenantRow } from './model.ts';

export function tellTenantCreated({ emit }: UnitOfWork, { _id, slug, name }: TenantRow): Promise<void> {
  return emit('arthemiz.tenant.created.v1', { subject: _id, data: { tenantId: _id, slug, name } });
}

export function tellTenantRenamed({ emit }: UnitOfWork, { _id, name }: TenantRow): Promise<void> {
  return emit('arthemiz.tenant.renamed.v1', { subject: _id, data: { tenantId: _id, name } });
}

/** For every subgraph that keeps records, whatever products there are. */
export function tellRetentionChanged(
  { emit }: UnitOfWork,
  { tenant, compliance }: { tenant: TenantRow; compliance: Compliance },
): Promise<void> {
  const changedAt = (tenant.retentionChangedAt ?? new Date()).toISOString();
  const data = { tenantId: tenant._id, retentionDays: compliance.retentionDays, changedAt };
  return emit('tenancy.retention.changed.v1', { subject: tenant._id, data });
}

export function tellComplianceChanged(
  { emit }: UnitOfWork,
  given: { tenant: TenantRow; compliance: Compliance; changedBy: string },
): Promise<void> {
  const { tenant, compliance, changedBy } = given;
  const networksChangedAt = tenant.networksChangedAt?.toISOString() ?? null;
  const data = { tenantId: tenant._id, ...compliance, networksChangedAt, changedBy };
  return emit('arthemiz.tenant.compliance-changed.v1', { subject: tenant._id, data });
}
