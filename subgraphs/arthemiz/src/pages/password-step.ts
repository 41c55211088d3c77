// First step: who is it?
import { clientAddress } from '../oidc/origin.ts';
import { partsOf } from '../parts.ts';
import { type Authentication, authenticate } from '../passwords/authentication.ts';
import { emailAddress } from '../people/rules.ts';
import { tellSignInFailed } from '../sign-in/events.ts';
import { requiredConnectionFor } from '../sso/realm.ts';
import { factsOf } from './enter-tenant.ts';
import { signInForm } from './forms.ts';
import { passkeyScriptPath } from './passkey-script.ts';
import { signInPasskeyButton } from './passkey-step.ts';
import { goOn } from './progress.ts';
import type { SignIn } from './sign-in-route.ts';
import { leaveForProvider } from './sso/step.ts';

const maximumPasswordLength = 256;

export async function passwordStep(signIn: SignIn): Promise<void> {
  const { form, interaction } = signIn;
  if (form === null) {
    const hint = interaction.params.login_hint;
    return showPasswordPage(signIn, { email: typeof hint === 'string' ? hint : '', error: null });
  }
  const typed = form.get('email') ?? '';
  const password = form.get('password') ?? '';
  const email = emailAddress.safeParse(typed);
  const required = email.success ? await requiredConnectionFor(signIn.service, email.data) : null;
  // Neither looked at nor counted: there it opens nothing.
  if (email.success && required !== null)
    return leaveForProvider(signIn, { connection: required, email: email.data });
  if (!email.success || password === '' || password.length > maximumPasswordLength) {
    return showPasswordPage(signIn, {
      email: typed.slice(0, 254),
      error: signIn.words.signIn.incomplete,
      status: 400,
    });
  }
  const attempt = { email: email.data, password, ipAddress: clientAddress(signIn.request) };
  const authentication = await authenticate(signIn.service, attempt);
  if (!authentication.isAuthentic) return refuse(signIn, { typed, email: email.data, authentication });

  await goOn(signIn, { person: authentication.person, amr: ['pwd'], federation: null });
}

interface Refusal {
  typed: string;
  email: string;
  authentication: Extract<Authentication, { isAuthentic: false }>;
}

async function refuse(signIn: SignIn, { typed, email, authentication }: Refusal): Promise<void> {
  const { reason, person } = authentication;
  // One message for every reason, so that it tells nobody which accounts exist.
  const { refused } = signIn.words.signIn;
  partsOf(signIn.service).metrics.signIns.inc({ outcome: reason });
  if (reason === 'throttled') {
    const retryAfter = { 'retry-after': String(authentication.retryAfterSeconds) };
    return showPasswordPage(signIn, { email: typed, error: refused, status: 429, headers: retryAfter });
  }
  await showPasswordPage(signIn, { email: typed, error: refused, status: 401 });
  // After the answer, because telling takes longer for a person than for nobody. Attempts that had to wait are not
  // told: their number is up to the guesser.
  await tellSignInFailed(signIn.service, { ...factsOf(signIn, email), person, reason });
}

interface Shown {
  email: string;
  error: string | null;
  status?: number;
  headers?: Record<string, string>;
}

export async function showPasswordPage(
  signIn: SignIn,
  { email, error, status = 200, headers }: Shown,
): Promise<void> {
  const { csrf, clientName, words } = signIn;
  const { title, passkey: name } = words.signIn;
  const passkey = await signInPasskeyButton(signIn, { name, personId: null });
  const body = signInForm({ csrf, clientName, words, email, error, passkey });
  signIn.show(
    {
      title: error === null ? title : words.error(title),
      status,
      body,
      script: passkeyScriptPath,
    },
    headers,
  );
}
