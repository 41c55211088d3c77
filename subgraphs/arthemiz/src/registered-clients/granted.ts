import type { Arthemiz } from '../context.ts';

/** Forgets all that a client was granted that is there no more, in the running transaction at home. */
export async function forgetGrantsOf({ models }: Pick<Arthemiz, 'models'>, clientId: string): Promise<void> {
  const { OidcArtifact } = models;
  const grants = await OidcArtifact.find({ kind: 'Grant', clientId }, { grantId: 1 }).lean();
  await OidcArtifact.deleteMany({ grantId: { $in: grants.flatMap(({ grantId }) => grantId ?? []) } });
}
