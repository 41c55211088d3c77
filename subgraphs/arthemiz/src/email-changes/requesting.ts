// Asking to confirm an address. Whether somebody has it already is told to its mailbox, and to nobody else.
import type { Arthemiz } from '../context.ts';
import { newLinkSecret } from '../links/one-time.ts';
import { forgottenPasswordPage } from '../mail/notices.ts';
import { queueMail } from '../mail/queueing.ts';
import { mailWords } from '../mail/words/words.ts';
import { admitAttempt } from '../passwords/throttle.ts';
import { knownLanguage, type Language } from '../people/languages.ts';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';

const linkMs = 3_600_000;
/** Most links that work at once, of a person and to an address: who asks for more gets no further mail. */
const maximumLinks = 3;

export interface AskedConfirmation {
  person: PersonRow;
  /** Lower case; the person's own where they only show that it is theirs. */
  to: string;
  /** Of the pages that they asked on. */
  language: Language;
}

/** For how many seconds a person has to wait before they ask again; null where they may. Counts as asking. */
export async function waitBeforeAsking(service: Arthemiz, personId: string): Promise<number | null> {
  // One by one, however many ask at once; counted apart from sign-ins.
  const attempt = { email: `confirmation:${personId}`, ipAddress: null };
  const admission = await admitAttempt(service, attempt);
  if (!admission.isAdmitted) return admission.retryAfterSeconds;
  const live = { personId, expiresAt: { $gt: new Date() } };
  const isTooMuch = (await service.models.EmailChange.countDocuments(live)) >= maximumLinks;
  return isTooMuch ? linkMs / 1_000 : null;
}

/** Mails a link to the address, and says to the present one that it is to become another. */
export async function mailConfirmation(service: Arthemiz, asked: AskedConfirmation): Promise<void> {
  const { EmailChange, Person } = service.models;
  const { person, to } = asked;
  const { _id: personId, email: from } = person;
  await service.transaction(async () => {
    const isLive = { expiresAt: { $gt: new Date() } };
    for (const whose of [{ personId }, { to }])
      if ((await EmailChange.countDocuments({ ...whose, ...isLive })) >= maximumLinks) return;
    const { secret, digest } = newLinkSecret();
    const expiresAt = new Date(Date.now() + linkMs);
    // Also where somebody has the address, so that the bounds are the same; then nobody learns the secret.
    await EmailChange.create([{ _id: digest, personId, from, to, expiresAt }]);
    const holder = from === to ? null : await Person.findOne({ email: to }).lean();
    if (holder === null) await mailLink(service, { ...asked, secret, expiresAt });
    else await mailHolder(service, { holder, expiresAt });
    if (from !== to) await mailNotice(service, { ...asked, expiresAt });
  });
}

function mailLink(
  service: Arthemiz,
  { person, to, language, secret, expiresAt }: AskedConfirmation & { secret: string; expiresAt: Date },
): Promise<void> {
  const link = `${service.config.ISSUER}/account/confirm-email?${new URLSearchParams({ link: secret })}`;
  const words = mailWords(knownLanguage(person) ?? language);
  const said = words.emailConfirmation({ email: to, isNew: to !== person.email, link });
  return queueMail(service, { kind: 'email-confirmation', to, ...said, expiresAt });
}

function mailHolder(
  service: Arthemiz,
  { holder, expiresAt }: { holder: PersonRow; expiresAt: Date },
): Promise<void> {
  const { email } = holder;
  const said = mailWords(knownLanguage(holder)).emailTaken({
    email,
    forgottenPage: forgottenPasswordPage(service),
  });
  return queueMail(service, { kind: 'email-taken', to: email, ...said, expiresAt });
}

function mailNotice(
  service: Arthemiz,
  { person, to, language, expiresAt }: AskedConfirmation & { expiresAt: Date },
): Promise<void> {
  const { email } = person;
  const words = mailWords(knownLanguage(person) ?? language);
  const said = words.emailChangeAsked({
    ...{ email, newEmail: maskEmail(to), forgottenPage: forgottenPasswordPage(service) },
  });
  return queueMail(service, { kind: 'email-change-asked', to: email, ...said, expiresAt });
}
