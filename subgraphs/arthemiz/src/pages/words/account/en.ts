// Of the pages about one's own account, and of setting up an authenticator app.
export const account = {
  security: {
    title: 'Security',
    lead: (email: string) => `How ${email} signs in`,
    sessions: 'Where you are signed in',
    profile: 'Your name and your e-mail address',
    password: 'Password',
    changePassword: 'Change the password',
    app: 'Authenticator app',
    whyApp: 'With an app on your phone, a stolen password is not enough to sign in as you.',
    appSince: (day: string) => `You are asked for a code of your app since ${day}.`,
    passkeys: 'Passkeys',
    whyPasskey: 'A passkey signs you in by the fingerprint, face or PIN of your device.',
    passkey: (name: string, added: string) => `${name}, added ${added},`,
    lastUsed: (day: string) => `last used ${day}`,
    notUsed: 'not used yet',
    remove: 'Remove',
    removePasskey: (name: string) => `Remove the passkey ${name}`,
    recovery: 'Recovery codes',
    recoveryLeft: (count: number) => `${count} left. Each lets you in once without your second factor.`,
  },
  links: {
    title: 'Single sign-on',
    link: (connection: string, tenant: string) => `${connection} signs you in to ${tenant}`,
    used: (since: string, lastUsed: string) => `Since ${since}, last used ${lastUsed}.`,
    stays: {
      required: 'It can not be ended: your organization has your address sign in by it alone.',
      'only-way': 'It can not be ended: nothing else would let you in.',
    },
    end: 'End',
    endLink: (connection: string) => `End the link to ${connection}`,
    endTitle: 'End the link',
    explanation: (connection: string, tenant: string) =>
      `Wherever ${connection} signed you in to ${tenant}, you will have to sign in again, and what you may do there by your groups at ${connection} alone goes. You stay a member. If you sign in by it again, you are linked again.`,
  },
  managed: {
    title: 'Managed by your organization',
    heading: 'Your organization signs you in',
    lead: 'You came by your organization’s identity provider, which decides how you sign in there.',
    ownWay: 'To change how you sign in here, sign out, and sign in with a password or a passkey of your own.',
    choosePassword: 'I have none: choose a password',
    signOut: 'Sign out',
  },
  sessions: {
    title: 'Where you are signed in',
    lead: (email: string) => `As ${email}. If you don’t know one of these, end it and`,
    changePassword: 'change your password',
    thisBrowser: '(this browser)',
    browser: (browser: string, system: string) => `${browser} on ${system}`,
    from: (network: string) => `From ${network}.`,
    used: (signedIn: string, lastUsed: string) => `Signed in ${signedIn}, last used ${lastUsed}.`,
    end: 'End',
    endSession: (name: string, signedIn: string) => `End ${name}, signed in ${signedIn}`,
    endOthers: 'End all others',
  },
  proof: {
    password: 'Your password',
    incomplete: 'Fill in everything that is asked for.',
    refused:
      'That did not work, or there were too many attempts. Check what you typed, wait a minute and try again.',
  },
  addApp: {
    title: 'Add an authenticator app',
    explanation: 'From then on you are asked for a code of the app whenever you sign in.',
  },
  removeApp: {
    title: 'Remove the authenticator app',
    explanation:
      'Its codes will no longer be asked for. Without another second factor your recovery codes go too.',
  },
  addPasskey: {
    title: 'Add a passkey',
    explanation: 'It signs you in by the fingerprint, face or PIN of your device, without a password.',
    name: 'What you call it, such as the device',
    unnamed: 'Passkey',
    create: 'Create the passkey',
    script:
      'Your browser has to run this page’s script to create a passkey. An authenticator app works without.',
    again: 'Try again',
    refusals: {
      refused: 'That passkey could not be added. Try again, or use another device.',
      'too-many': 'You have as many passkeys as there can be. Remove one first.',
    },
  },
  removePasskey: {
    title: 'Remove a passkey',
    explanation: (name: string) =>
      `“${name}” will no longer sign you in. Without another second factor your recovery codes go too.`,
  },
  changePassword: {
    explanation: 'You stay signed in here. Everywhere else you will have to sign in again.',
  },
  renewRecovery: {
    title: 'Make new recovery codes',
    explanation: 'The codes that you have now will no longer work.',
    action: 'Make new codes',
  },
  recoveryCodes: {
    title: 'Your recovery codes',
    lead: 'Each lets you in once, when your second factor is lost. They are shown only now: print them, or keep them in a password manager.',
    kept: 'I have kept them',
  },
  enrolment: {
    title: 'Set up your authenticator app',
    required: 'This tenant asks everybody for a second factor, and you have none yet.',
    scan: 'Scan this with an app such as Google Authenticator, 1Password or Aegis.',
    qrCode: 'QR code of the key that is written below',
    key: 'Or type this key into it:',
    code: 'The code that your app shows now',
    confirm: 'Confirm',
    tooLate: 'This took too long. Scan the new QR code; remove the earlier entry from your app.',
    wrongCode: 'That is not the code that your app should show now. Wait for the next one and try again.',
  },
  profile: {
    title: 'Profile',
    name: 'Your name',
    nameRefused: 'Enter your name, as others here shall see it: 1 to 100 characters.',
    language: 'Language of these pages and of your mails',
    browsers: 'As the browser asks',
    save: 'Save',
    saved: 'Saved.',
    verified: (day: string) => `Confirmed ${day}.`,
    unverified: 'Not confirmed yet.',
    verify: 'Mail me a link to confirm it',
  },
  email: {
    title: 'Change the e-mail address',
    explanation: (email: string) =>
      `We mail a link to the new address. Once you have opened it, you sign in by that one in place of ${email}.`,
    newAddress: 'New e-mail address',
    send: 'Mail the link',
    incomplete: 'Enter the new e-mail address.',
    same: 'That is your address already. Enter another one.',
    hindrances: {
      kept: 'Your organization has this address sign in by its own identity provider, so it can’t be changed here.',
      given:
        'Addresses of that domain sign in by their organization’s identity provider. Sign in by it instead.',
    },
    noMail: 'This installation sends no mails, so it can mail no link to an address.',
    tooMany: 'We have mailed you several links already. Use the last one, or wait a while and try again.',
    sent: 'Look into your mails',
    sentLead: (email: string) =>
      `If ${email} can become or is your address, a mail with a link is on its way there. The link works for an hour.`,
    until: (email: string) => `Until you open it, you sign in as ${email}.`,
    sentAdvice: 'Nothing there? Look among unwanted mails, and check the address for mistakes.',
    confirm: 'Confirm the address',
    confirmOwn: (email: string) => `Confirm that ${email} is yours.`,
    confirmNew: (from: string, to: string) =>
      `From then on you sign in by ${to} in place of ${from}. You stay signed in where you are.`,
    gone: (email: string) =>
      `This link works no more, or it is of another account than ${email}, which you are signed in to.`,
    taken: 'Somebody has an account by that address meanwhile. Nothing was changed.',
  },
  notFound: { title: 'Not found', heading: 'There is no such page' },
  notSignedIn: {
    title: 'Not signed in',
    heading: 'You are not signed in',
    lead: 'This page is about your own account, so you have to sign in to see it.',
  },
  expired: {
    title: 'Page expired',
    heading: 'This page has expired',
    lead: 'You have signed in again since it was opened, or it came from another browser. Nothing was changed.',
    again: 'Start again',
  },
};
