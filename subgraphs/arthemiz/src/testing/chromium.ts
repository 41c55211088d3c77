// For tests only: a real Chromium with an authenticator of its own, at a service that it reaches as the public origin.
import { freePort } from '@supergraph/chassis/testing/free-port';
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';
import { chromiumArguments } from '../../../../infra/local/chromium.ts';

export async function launchChromium() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
    args: chromiumArguments,
  });
}

/** The environment of a service that is itself at its public origin, because browsers tie passkeys to that. */
export async function publicEnvironment(): Promise<{ origin: string; extra: Record<string, string> }> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const extra = {
    PORT: String(port),
    ISSUER: `${origin}/auth`,
    AUDIENCE: `${origin}/graphql`,
    PUBLIC_ORIGINS: JSON.stringify([origin]),
  };
  return { origin, extra };
}

/** A device that keeps passkeys and knows its person by a finger, which is always there. */
export class Device {
  readonly page: Page;
  readonly #cdp: CDPSession;
  readonly #authenticatorId: string;

  static async open(context: BrowserContext): Promise<Device> {
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    });
    return new Device({ page, cdp, authenticatorId });
  }

  private constructor(given: { page: Page; cdp: CDPSession; authenticatorId: string }) {
    this.page = given.page;
    this.#cdp = given.cdp;
    this.#authenticatorId = given.authenticatorId;
  }

  async passkeys() {
    const { credentials } = await this.#send('WebAuthn.getCredentials');
    return credentials;
  }

  /** Whether the finger is its person's. */
  async setPerson({ isRecognized }: { isRecognized: boolean }): Promise<void> {
    await this.#cdp.send('WebAuthn.setUserVerified', {
      authenticatorId: this.#authenticatorId,
      isUserVerified: isRecognized,
    });
  }

  /** Puts the signature counter of the only passkey back, as in a copy of the device that was made earlier. */
  async goBackTo(signCount: number): Promise<void> {
    const [credential] = await this.passkeys();
    if (credential === undefined) throw new Error('There is no passkey.');
    await this.#send('WebAuthn.clearCredentials');
    await this.#cdp.send('WebAuthn.addCredential', {
      authenticatorId: this.#authenticatorId,
      credential: { ...credential, signCount },
    });
  }

  #send<T extends 'WebAuthn.getCredentials' | 'WebAuthn.clearCredentials'>(method: T) {
    return this.#cdp.send(method, { authenticatorId: this.#authenticatorId });
  }
}
