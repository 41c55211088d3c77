// For tests only: an authenticator app.
import { Secret, TOTP } from 'otpauth';
import type { PersonRow } from '../people/model.ts';
import { createTotpSecret } from '../second-factors/authenticator-app.ts';
import { addAuthenticatorApp } from '../second-factors/enrolment.ts';
import type { Fixture } from './fixture.ts';

const period = 30;
const stepNow = () => TOTP.counter({ period });

export class Authenticator {
  readonly #totp: TOTP;
  #shown = 0;

  constructor(secret: string) {
    this.#totp = new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) });
  }

  /** A code that was not shown before, as early as it is taken: there are three at any moment. */
  next(): string {
    const step = Math.max(this.#shown + 1, stepNow() - 1);
    if (step > stepNow() + 1) throw new Error('The test needs more codes than there are in three steps.');
    return this.#at(step);
  }

  /** A code that is right in the present step, and stays so in the next one; the earlier ones are skipped. */
  present(): string {
    return this.#at(Math.max(this.#shown + 1, stepNow()));
  }

  /** Six digits that are wrong now and in the steps around. */
  wrong(): string {
    const right = [-2, -1, 0, 1, 2].map((offset) =>
      this.#totp.generate({ timestamp: (stepNow() + offset) * period * 1000 }),
    );
    return (
      ['000000', '111111', '222222', '333333', '444444', '555555'].find((code) => !right.includes(code)) ?? ''
    );
  }

  #at(step: number): string {
    this.#shown = step;
    return this.#totp.generate({ timestamp: step * period * 1000 });
  }
}

/** Gives a person an app, as the pages do, with two codes left for the test. */
export async function enrolApp(
  fixture: Fixture,
  person: PersonRow,
): Promise<{ app: Authenticator; recoveryCodes: string[] }> {
  const secret = createTotpSecret();
  const app = new Authenticator(secret);
  for (;;) {
    const enrolment = await addAuthenticatorApp(fixture.service, {
      secret,
      code: app.next(),
      facts: { person, ipAddress: null, userAgent: null },
    });
    if (enrolment.isAdded) return { app, recoveryCodes: enrolment.recoveryCodes ?? [] };
    // A step ended between showing the code and checking it.
  }
}
