// Why nobody is signed in, in words for the person in front of the page.
import type { SignInFailure } from '@supergraph/session/rules';

export interface Notice {
  title: string;
  detail: string;
}

const notices: Record<string, Notice> = {
  access_denied: {
    title: 'Sign-in was cancelled',
    detail: 'Access was not granted. Sign in again when you are ready.',
  },
  invalid_grant: {
    title: 'That sign-in has expired',
    detail: 'The code was too old or already used, for example by reloading the page. Sign in again.',
  },
  session_ended: {
    title: 'Your session has ended',
    detail: 'It was signed out elsewhere or went unused for too long. Sign in again to go on.',
  },
  stale: {
    title: 'That sign-in did not start here',
    detail: 'It was begun in another tab, or this tab was restored since. Sign in again from this page.',
  },
  unreachable: {
    title: 'The identity provider does not answer',
    detail: 'Check that the platform is up (/health/ready), then sign in again.',
  },
  insecure: {
    title: 'Sign-in needs a secure page',
    detail: 'Browsers offer the cryptography only on https and on localhost. Open this page at one of those.',
  },
};

export function noticeOf(failure: SignInFailure): Notice {
  const known = notices[failure.code];
  if (known) return known;
  return {
    title: 'Sign-in failed',
    detail: `The identity provider said: ${failure.description ?? failure.code}. Sign in again; if it stays, tell whoever runs the platform.`,
  };
}
