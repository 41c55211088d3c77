// English, and by its shape what mails say in every other language. Each is a subject and a text.
const instants = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'short', timeZone: 'UTC' });
const instant = (at: Date) => `${instants.format(at)} UTC`;

export interface Said {
  subject: string;
  text: string;
}

export interface InvitationFacts {
  tenant: string;
  /** Null where a program invited. */
  inviter: string | null;
  link: string;
  expiresAt: Date;
}

export interface PasswordFacts {
  email: string;
  how: 'changed' | 'reset';
  at: Date;
  /** Where it was asked for; null when it is not known. */
  ipAddress: string | null;
  /** Where one asks for a link to choose a password. */
  forgottenPage: string;
}

export interface EmailChangeFacts {
  email: string;
  /** Masked: the mailbox that hears of it may be in others' hands by now. */
  newEmail: string;
}

export const en = {
  invitation: ({ tenant, inviter, link, expiresAt }: InvitationFacts): Said => ({
    subject: `Join ${tenant}`,
    text: `${inviter === null ? 'You are invited' : `${inviter} invites you`} to join ${tenant}.

To accept, open this link:

${link}

It works once, until ${instant(expiresAt)}. If you don't expect this, ignore this mail: nothing happens without you.
`,
  }),
  passwordReset: ({ email, link }: { email: string; link: string }): Said => ({
    subject: 'Choose a new password',
    text: `Somebody, probably you, asked to choose a new password for the account ${email}.

To do so, open this link within half an hour:

${link}

If it was not you, ignore this mail: your password stays as it is.
`,
  }),
  passwordChanged: ({ email, how, at, ipAddress, forgottenPage }: PasswordFacts): Said => ({
    subject: 'Your password was changed',
    text: `The password of your account ${email} was ${how === 'reset' ? 'set anew by a link that we mailed you' : 'changed'} on ${instant(at)}${ipAddress === null ? '' : `, from the address ${ipAddress}`}.

If that was you, there is nothing to do.

If it was not, somebody else may be in your account: choose a new password at ${forgottenPage} and tell your administrator.
`,
  }),
  emailConfirmation: ({ email, isNew, link }: { email: string; isNew: boolean; link: string }): Said => ({
    subject: 'Confirm your e-mail address',
    text: `Somebody, probably you, asked to ${isNew ? 'sign in to their account here by this address from now on' : 'confirm that this address is theirs'}: ${email}.

To do so, open this link within an hour, signed in to the account:

${link}

If it was not you, ignore this mail: nothing happens without you.
`,
  }),
  emailTaken: ({ email, forgottenPage }: { email: string; forgottenPage: string }): Said => ({
    subject: 'You have an account already',
    text: `Somebody, probably you, asked to sign in to another account by this address: ${email}. You have an account here by it already, so nothing was changed.

If it was you, sign in to that account by this address. If you have forgotten its password, choose a new one: ${forgottenPage}

If it was not you, ignore this mail.
`,
  }),
  emailChangeAsked: ({
    email,
    newEmail,
    forgottenPage,
  }: EmailChangeFacts & { forgottenPage: string }): Said => ({
    subject: 'Your e-mail address is about to change',
    text: `Somebody, probably you, asked that your account ${email} be signed in to by ${newEmail} from now on. That happens once the link is opened that we mailed there.

If that was you, there is nothing to do here.

If it was not, somebody else may be in your account: choose a new password at ${forgottenPage}, which also ends that link, and tell your administrator.
`,
  }),
  emailChanged: ({
    email,
    newEmail,
    at,
    ipAddress,
  }: EmailChangeFacts & Pick<PasswordFacts, 'at' | 'ipAddress'>): Said => ({
    subject: 'Your e-mail address was changed',
    text: `Your account ${email} is signed in to by ${newEmail} since ${instant(at)}${ipAddress === null ? '' : `; that was asked from the address ${ipAddress}`}. We write there from now on.

If that was you, there is nothing to do.

If it was not, somebody else is in your account: tell your administrator at once.
`,
  }),
};
