// A forgotten password: a link by mail, which lets choose a new one once.
import type { Arthemiz } from '../context.ts';
import { digestOf, newLinkSecret } from '../links/one-time.ts';
import { queueMail } from '../mail/queueing.ts';
import { mailWords } from '../mail/words/words.ts';
import { knownLanguage, type Language } from '../people/languages.ts';
import type { PersonRow } from '../people/model.ts';
import { noteVerified } from '../people/verifying.ts';
import { changePassword, type PasswordChange } from './changing.ts';

const resetMs = 30 * 60_000;
/** Most links of a person that work at once: who asks for more gets no further mail. */
const maximumLinks = 3;

/**
 * Mails a link to the person who has this address, in `language` where theirs is not known. Nobody is told whether there
 * is one.
 */
export async function mailReset(
  service: Arthemiz,
  { email, language }: { email: string; language: Language },
): Promise<void> {
  const { Person, PasswordReset } = service.models;
  const person = await Person.findOne({ email }).lean();
  if (person === null) return;
  const personId = person._id;
  await service.transaction(async () => {
    const open = await PasswordReset.countDocuments({ personId, expiresAt: { $gt: new Date() } });
    if (open >= maximumLinks) return;
    const { secret, digest } = newLinkSecret();
    const expiresAt = new Date(Date.now() + resetMs);
    await PasswordReset.create([{ _id: digest, personId, email, expiresAt }]);
    const link = `${service.config.ISSUER}/password/reset?${new URLSearchParams({ link: secret })}`;
    const said = mailWords(knownLanguage(person) ?? language).passwordReset({ email, link });
    await queueMail(service, { kind: 'password-reset', to: email, ...said, expiresAt });
  });
}

/** The person who was mailed this link; null when it does not work, or no more. */
export async function personOfLink({ models }: Arthemiz, secret: string): Promise<PersonRow | null> {
  const reset = await models.PasswordReset.findOne({
    _id: digestOf(secret),
    expiresAt: { $gt: new Date() },
  }).lean();
  if (reset === null) return null;
  return models.Person.findOne({ _id: reset.personId, email: reset.email }).lean();
}

/** Sets the password, once for each link. @returns false when the link was used meanwhile */
export function resetPassword(
  service: Arthemiz,
  { secret, ...change }: Omit<PasswordChange, 'how' | 'kept'> & { secret: string },
): Promise<boolean> {
  return changePassword(service, { ...change, how: 'reset' }, async () => {
    const { deletedCount } = await service.models.PasswordReset.deleteOne({
      _id: digestOf(secret),
      expiresAt: { $gt: new Date() },
    });
    if (deletedCount === 0) return false;
    await noteVerified(service, change.person._id);
    return true;
  });
}
