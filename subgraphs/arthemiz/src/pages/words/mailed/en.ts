// Of the pages that links in mails lead to, and of choosing a password.
export const mailed = {
  newPassword: {
    label: 'New password',
    rule: (minimum: number) => `At least ${minimum} characters, of any kind. Several words make a good one.`,
    again: 'The same again',
    differ: 'The two passwords differ. Type the same one twice.',
    refusals: {
      'too-short': (minimum: number) =>
        `Choose a longer password: at least ${minimum} characters. Several words make a good one.`,
      'too-long': (maximum: number) => `Choose a shorter password: at most ${maximum} characters.`,
      telling: 'Choose a password without your e-mail address and without the name of this service.',
      guessable: 'Choose another password: this one is among those that are guessed first.',
    },
  },
  forgotten: {
    title: 'Forgotten password',
    lead: 'We mail you a link by which you choose a new one.',
    incomplete: 'Enter your e-mail address.',
    tooMany: 'There were too many requests. Wait a minute and try again.',
    send: 'Send the link',
    sent: 'Look into your mails',
    sentLead: (email: string) =>
      `If ${email} has an account here, a mail with a link is on its way. The link works for half an hour.`,
    sentAdvice: 'Nothing there? Look among unwanted mails, and check the address for mistakes.',
    noMail: 'This installation sends no mails, so it can mail you no link.',
    noMailAdvice: 'Ask those who run it for help.',
  },
  reset: {
    title: 'Choose a new password',
    lead: (email: string) =>
      `For ${email}. Whoever is signed in to this account will be signed out everywhere.`,
    change: 'Change the password',
    done: 'Password changed',
    doneHeading: 'Your password is changed',
    doneLead: 'You are signed out everywhere.',
    signIn: 'Sign in with the new one',
    gone: 'Link ended',
    goneHeading: 'This link has ended',
    goneLead: 'It was used already, or is older than half an hour.',
    another: 'Ask for another one',
  },
  invitation: {
    title: (tenant: string) => `Join ${tenant}`,
    welcome: (email: string) => `You are invited as ${email}. Make an account to join.`,
    name: 'Your name',
    nameRefused: 'Enter your name, as others here shall see it: 1 to 100 characters.',
    known: (email: string) =>
      `You are invited as ${email}, and you have an account here. Enter its password to join.`,
    password: 'Password',
    passwordMissing: 'Enter your password.',
    passwordRefused:
      'That password did not work, or there were too many attempts. Wait a minute and try again.',
    forgotten: 'I have forgotten it',
    join: 'Join',
    joined: 'You have joined',
    joinedHeading: (tenant: string) => `You have joined ${tenant}`,
    joinedLead: (email: string) => `Sign in as ${email} from now on.`,
    goOn: 'Go on',
    gone: 'Invitation ended',
    goneHeading: 'This invitation has ended',
    goneLead: 'It was accepted already, was taken back, or is older than a week.',
    goneAdvice: 'If you have joined, sign in. If not, ask whoever invited you for another one.',
  },
};
