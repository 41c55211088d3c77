// Who gets in and who does not, counted for those who run the platform.
import { Counter, type Registry } from 'prom-client';

export type SignInMetrics = ReturnType<typeof signInMetrics>;

export function signInMetrics(registry: Registry) {
  const registers = [registry];
  return {
    signIns: new Counter({
      name: 'arthemiz_sign_ins_total',
      help: 'Sign-ins by outcome: succeeded, wrong-password, unknown-email, wrong-second-factor, wrong-passkey, wrong-assertion, not-admitted, throttled, no-tenant or not-allowed.',
      labelNames: ['outcome'],
      registers,
    }),
    tokens: new Counter({
      name: 'arthemiz_token_requests_total',
      help: 'Answers of the token endpoint: issued, or the OAuth error of the refusal.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}
