import type { Arthemiz } from '../context.ts';

/**
 * Notes that a person's address is theirs: they followed a link that was mailed there, or the identity provider of the
 * tenant that owns its domain says so. Since when it is known stays. A directory (SCIM) that names somebody by an address
 * shows nothing.
 */
export async function noteVerified({ models }: Arthemiz, personId: string): Promise<void> {
  await models.Person.updateOne(
    { _id: personId, emailVerifiedAt: null },
    { $set: { emailVerifiedAt: new Date() } },
  );
}
