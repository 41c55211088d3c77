// The tenant that a grant's tokens speak for, kept with the grant.
import type { Arthemiz } from '../context.ts';
import { artifactId } from './artifact-model.ts';

/** Notes the tenant that a grant's tokens speak for. The grant must have been saved. */
export async function setActingTenant(
  { models }: Arthemiz,
  { grantId, tenantId }: { grantId: string; tenantId: string },
): Promise<void> {
  await models.OidcArtifact.updateOne(
    { _id: artifactId('Grant', grantId) },
    { $set: { actingTenantId: tenantId } },
  );
}

/** The tenant that a grant's tokens speak for; null when the grant is gone. */
export async function actingTenant({ models }: Arthemiz, grantId: string): Promise<string | null> {
  const grant = await models.OidcArtifact.findOne({ _id: artifactId('Grant', grantId) }).lean();
  return grant?.actingTenantId ?? null;
}
