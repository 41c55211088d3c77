import { isDuplicateKey } from '@supergraph/chassis/database';
import type { Arthemiz } from '../context.ts';
import type { PersonRow } from './model.ts';
import { displayName, emailAddress } from './rules.ts';

/** The person of this address, made when there is none. The name of a person who exists stays. */
export async function registerPerson(
  { models }: Arthemiz,
  given: { email: string; displayName: string },
): Promise<PersonRow> {
  const email = emailAddress.parse(given.email);
  const found = await models.Person.findOne({ email }).lean();
  if (found !== null) return found;
  try {
    const [person] = await models.Person.create([
      { email, displayName: displayName.parse(given.displayName), createdAt: new Date() },
    ]);
    if (person !== undefined) return person.toObject();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
  }
  // Another copy registered the address in between.
  const registered = await models.Person.findOne({ email }).lean();
  if (registered === null) throw new Error('The person could not be registered.');
  return registered;
}
