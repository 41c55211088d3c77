// English, and by its shape what every other language has to say. Words that take a value are functions.
import type { Language } from '../../people/languages.ts';
import { account } from './account/en.ts';
import { arriving } from './arriving/en.ts';
import { mailed } from './mailed/en.ts';
import { personal } from './personal/en.ts';

export const en = {
  // Widened: the others have the same shape.
  language: 'en' as Language,
  account,
  arriving,
  mailed,
  personal,
  lang: 'en',
  error: (title: string) => `Error: ${title}`,
  next: 'Continue',
  cancel: 'Cancel',
  goingOnTo: (client: string) => `to continue to ${client}`,
  application: 'the application',
  signIn: {
    title: 'Sign in',
    email: 'E-mail address',
    password: 'Password',
    passkey: 'Sign in with a passkey',
    singleSignOn: 'Use single sign-on',
    forgotten: 'I have forgotten my password',
    incomplete: 'Enter your e-mail address and your password.',
    refused:
      'That e-mail address and password did not work, or there were too many attempts. Check both, wait a minute and try again.',
    passkeyRefused: 'That passkey did not work. Try again, or sign in without it.',
  },
  passkeyUnused: 'The passkey was not used. Try again, or go on without it.',
  secondFactor: {
    title: 'Confirm that it is you',
    passkey: 'Use a passkey',
    app: 'Code of your authenticator app',
    useRecovery: 'Use a recovery code',
    recovery: 'Recovery code',
    incomplete: 'Enter a code.',
    refused:
      'That code did not work, or there were too many attempts. Each code works once. Wait for the next one and try again.',
    locked:
      'Too many codes were wrong, so no more are taken. Use a passkey or a recovery code, or go back and choose a new password (“I have forgotten my password”): codes work again after that.',
  },
  tenant: {
    title: 'Choose a tenant',
    lead: (client: string) => `You belong to several. ${client} will act in the one that you choose.`,
    legend: 'Tenant',
    incomplete: 'Choose one of your tenants.',
  },
  confirm: {
    title: 'Continue?',
    heading: (client: string) => `Continue to ${client}?`,
    lead: 'A program on this computer asks to act in your name. Continue only if you have just started it yourself.',
  },
  consent: {
    title: 'Allow access?',
    heading: (client: string) => `Allow ${client}?`,
    lead: ({ client, tenant }: { client: string; tenant: string }) =>
      `${client} is not of this platform. ${tenant} registered it. If you allow it, it can`,
    act: (tenant: string) => `do in your name whatever you may do in ${tenant}`,
    scopes: {
      openid: 'know that it is you',
      profile: 'read your name',
      email: 'read your e-mail address',
      offline_access: 'go on while you are away, until you end it where you see your sessions',
    },
    place: (host: string) => `You go on to ${host}. Cancel if you did not mean to go there.`,
    allow: 'Allow',
  },
  foreignClient: {
    title: 'Not for you',
    heading: (client: string) => `You can’t sign in to ${client}`,
    lead: 'It belongs to an organization that you are no member of.',
    advice: 'Go back to the application that you came from, or ask those who run it.',
  },
  expired: {
    title: 'Sign-in expired',
    heading: 'This sign-in has expired',
    lead: 'It was open for too long, was finished already, or began in another browser.',
    advice: 'Go back to the application that you came from and sign in again.',
  },
  signOut: {
    title: 'Sign out?',
    lead: 'You will be signed out of every application in this browser.',
    yes: 'Sign out',
    no: 'Stay signed in',
    done: 'Signed out',
    doneHeading: 'You are signed out',
    doneLead: 'You can close this page.',
  },
  failure: {
    title: 'This did not work',
    ours: 'Something went wrong on our side.',
    advice:
      'Go back to the application that you came from and sign in again. If it happens again, tell those who run it.',
    notNow: 'Not possible now',
    back: 'Go back and try again.',
    form: 'What was sent is not a form of this page, or is too large.',
    busy: 'Too much is going on, or a part that is needed is away. Wait a moment.',
    unexpected: (trace: string) =>
      `Something went wrong on our side. Quote trace ${trace} when you report it.`,
  },
};
