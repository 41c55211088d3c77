// For tests only: an application that registers itself with a tenant (RFC 7591), by an independent implementation.
import * as client from 'openid-client';
import { connectDirectory } from './directory.ts';
import { type Fixture, issuer } from './fixture.ts';

export const callback = 'https://desk.example/callback';

/** A tenant with an API key that may register clients. */
export const openRegistration = (fixture: Fixture) =>
  connectDirectory(fixture, { permissions: ['client:register'] });

/** Registers by discovery, as the application would. */
export function registerApplication(
  fixture: Fixture,
  initialAccessToken: string,
  metadata: Record<string, unknown> = {},
): Promise<client.Configuration> {
  const wanted = {
    client_name: 'Ticket desk',
    redirect_uris: [callback],
    token_endpoint_auth_method: 'client_secret_post',
    ...metadata,
  };
  return client.dynamicClientRegistration(new URL(issuer), wanted, undefined, {
    initialAccessToken,
    execute: [client.allowInsecureRequests],
    [client.customFetch]: (target, init) => fixture.publicFetch(target, init as RequestInit), // fetch's own options by other names
  });
}
