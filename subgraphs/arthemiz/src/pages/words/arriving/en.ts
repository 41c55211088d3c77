// Of single sign-on, of tenants that let somebody not in, and of devices.
export const arriving = {
  sso: {
    title: 'Single sign-on',
    lead: (connection: string) => `You go on at the identity provider of your organization: ${connection}.`,
    emailMissing: 'Enter your e-mail address.',
    noConnection:
      'There is no single sign-on for the domain of that address. Check it, or enter your password.',
    away: 'Your organization’s identity provider does not answer. Try again later, or tell those who run it.',
    ended: 'That sign-in at your identity provider has ended, or came from another browser. Try again.',
  },
  ownership: {
    title: 'Is this account yours?',
    lead: (connection: string, email: string) =>
      `${connection} says that you are ${email}, who has an account here already. Enter its password once; from then on you sign in by ${connection}.`,
    password: 'Password of the account',
    missing: 'Enter your password.',
    refused: 'That password did not work, or there were too many attempts. Wait a minute and try again.',
  },
  notAdmitted: {
    title: 'Not admitted',
    heading: 'You are not admitted',
    advice: 'Ask an administrator of your organization, then sign in again.',
    reasons: {
      'no-email': 'Your identity provider did not say a verified e-mail address of yours.',
      'foreign-domain': 'Your address is of a domain that does not lead to this identity provider.',
      'not-a-member': 'You are no member of this tenant, and its identity provider makes nobody one.',
      'linked-otherwise':
        'Your address belongs to an account that another user of your identity provider has.',
      'no-proof': 'Your address belongs to an account that cannot prove that it is yours.',
      removed: 'You were removed from this tenant. Its administrators can invite you again.',
    },
  },
  notVouchedFor: {
    title: 'Not signed in',
    heading: 'You are not signed in',
    lead: 'Your organization’s identity provider did not sign you in, or its answer did not fit what was asked.',
    again: 'Try again',
    advice: 'If it happens again, tell those who run it.',
  },
  notAllowed: {
    title: 'Not allowed',
    heading: 'This tenant does not let you in',
    blocked: 'You, or where you come from, are blocked here because of something that was found.',
    blockedAdvice: 'Ask who watches over your tenant.',
    network: 'It lets people in from its own networks alone, and you are in none of them.',
    otherwise: 'It lets people in who sign in in another way, such as by a passkey.',
    advice:
      'Go back to the application that you came from and sign in as it asks for, or ask an administrator.',
  },
  noTenant: {
    title: 'No tenant',
    heading: 'You have no tenant yet',
    lead: 'Your account belongs to no tenant, so there is nothing that you could sign in to.',
    advice: 'Ask an administrator of your organization to add you, then sign in again.',
  },
  suspended: {
    title: 'Suspended',
    heading: 'Your organization is suspended',
    lead: 'Those who run this platform have closed it, so nobody of it can sign in at present.',
    advice: 'Nothing was lost. Ask an administrator of your organization.',
  },
  device: {
    title: 'Connect a device',
    code: 'Code that your device shows',
    yours: 'Is this your device?',
    asks: (client: string) => `${client} asks to act in your name, on a device that shows the code`,
    from: (address: string) => `It asked from the address ${address}.`,
    fromUnknown: 'Nobody knows from which address it asked.',
    warning:
      'Continue only if you see this code on a device of your own. Nobody else has a reason to send you one.',
    done: 'Device connected',
    doneHeading: 'Your device is connected',
    doneLead: 'Go back to it. You can close this page.',
    problems: {
      NoCodeError: 'Enter the code that your device shows.',
      NotFoundError: 'No device shows this code. Check it and try again.',
      ExpiredError: 'This code has expired. Let your device show a new one.',
      AlreadyUsedError: 'This code was used already. Let your device show a new one.',
      AbortedError: 'You cancelled. The device gets no access.',
    },
    ours: 'Something went wrong on our side. Try again.',
    other: 'This did not work. Enter the code again, or let your device show a new one.',
  },
};
