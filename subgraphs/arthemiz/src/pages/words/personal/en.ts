// Of the pages about what is kept about a person: having a copy of it, and having it erased.
export const personal = {
  title: 'Your data',
  data: {
    title: 'Download your data',
    explanation:
      'You get all that this platform keeps about you, from all of its services, as one file in JSON. Passwords and other secrets are left out. Keep the file where nobody else can read it.',
    action: 'Download',
  },
  deletion: {
    title: 'Delete your account',
    explanation: 'This can not be undone: from the moment on you are signed out everywhere.',
    goes: {
      title: 'What goes',
      items: [
        'your name, your address, your password, passkeys, authenticator app and recovery codes',
        'your membership in every organization, with your roles, groups and API keys there',
        'your sessions, what you let applications do, and your links to identity providers',
        'from the records of who did what: your address, network and browser',
      ],
    },
    stays: {
      title: 'What stays',
      items: [
        'what you made for your organizations: it is theirs',
        'the organizations’ records of what happened, with a number in the place of your name, for as long as each keeps them',
        'copies for data that is on its way, for three days at most',
      ],
    },
    confirmation: (email: string) => `To confirm, type your address: ${email}`,
    wrongConfirmation: 'That is not the address of this account. Type it as it stands there.',
    action: 'Delete my account for good',
    done: 'Your account is deleted',
    doneLead: 'You are signed out everywhere. You can close this page.',
    needed: 'You can not delete your account yet: nobody else could administer these organizations.',
    neededAdvice:
      'Have somebody else there hold the permission to change roles (role:write), or have the organization deleted by those who run the platform. Then come back.',
  },
};
