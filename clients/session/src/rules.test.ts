import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  audienceOf,
  endpointsAtOrigin,
  isAuthorizationResponse,
  isUsable,
  minimumRemainingMs,
  pendingSignIn,
  readStored,
  refreshDelayMs,
  shortestRefreshDelayMs,
  type TokenSet,
  tokenSet,
} from './rules.ts';

const now = 1_800_000_000_000;

function tokens(change: Partial<TokenSet> = {}): TokenSet {
  return {
    accessToken: 'access',
    refreshToken: 'refresh',
    idToken: 'id',
    expiresAt: now + 900_000,
    ...change,
  };
}

describe('the silent refresh', () => {
  it('comes a minute and a half before a token of fifteen minutes ends', () => {
    expect(refreshDelayMs(tokens(), now)).toBe(900_000 - 90_000);
  });

  it('comes before the token ends, however long it lives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2 * shortestRefreshDelayMs, max: 2 ** 40 }), (remainingMs) => {
        const delayMs = refreshDelayMs(tokens({ expiresAt: now + remainingMs }), now);
        expect(delayMs).toBeLessThan(remainingMs);
        expect(delayMs).toBeLessThan(2 ** 31);
      }),
    );
  });

  it('leaves a pause between attempts even when tokens arrive already at their end', () => {
    expect(refreshDelayMs(tokens({ expiresAt: now - 60_000 }), now)).toBe(shortestRefreshDelayMs);
  });

  it('does not send a token that could end on the way', () => {
    expect(isUsable(tokens({ expiresAt: now + minimumRemainingMs }), now)).toBe(false);
    expect(isUsable(tokens({ expiresAt: now + minimumRemainingMs + 1 }), now)).toBe(true);
  });
});

describe('what the tab remembers', () => {
  it('is read back as it was written', () => {
    expect(readStored(tokenSet, JSON.stringify(tokens()))).toEqual(tokens());
  });

  it.each([null, '', '{"accessToken":', '{"accessToken":"a"}', 'null', '[]'])(
    'is treated as absent when it is %p',
    (text) => {
      expect(readStored(tokenSet, text)).toBeNull();
    },
  );

  it('refuses a sign-in whose PKCE verifier is shorter than RFC 7636 allows, or that leads elsewhere', () => {
    const pending = { state: 's', nonce: 'n', codeVerifier: 'x'.repeat(43), returnTo: '/console/people' };
    expect(readStored(pendingSignIn, JSON.stringify(pending))).toEqual(pending);
    const refused = [{ codeVerifier: 'short' }, { returnTo: 'https://evil.test/' }];
    for (const change of refused)
      expect(readStored(pendingSignIn, JSON.stringify({ ...pending, ...change }))).toBeNull();
  });
});

describe('the return from the identity provider', () => {
  it.each([
    ['?code=c&state=s&iss=i', true],
    ['?error=access_denied&state=s', true],
    ['?code=c', false],
    ['?state=s', false],
    ['', false],
  ])('recognizes %p as %p', (search, expected) => {
    expect(isAuthorizationResponse(new URL(`http://localhost:8080/explorer/${search}`))).toBe(expected);
  });
});

describe('one issuer behind several origins', () => {
  it('names the GraphQL endpoint beside the issuer as the audience', () => {
    expect(audienceOf('http://localhost:8080/auth')).toBe('http://localhost:8080/graphql');
    expect(audienceOf('https://api.example.test/auth/')).toBe('https://api.example.test/graphql');
  });

  it('calls every endpoint at the origin of the page and leaves the rest of the metadata alone', () => {
    const server = {
      issuer: 'http://localhost:8080/auth',
      token_endpoint: 'http://localhost:8080/auth/token',
      jwks_uri: 'http://localhost:8080/auth/jwks?v=1',
      odd_endpoint: 'not a url',
      code_challenge_methods_supported: ['S256'],
    };
    expect(endpointsAtOrigin(server, 'https://localhost:8443')).toEqual({
      issuer: 'http://localhost:8080/auth',
      token_endpoint: 'https://localhost:8443/auth/token',
      jwks_uri: 'https://localhost:8443/auth/jwks?v=1',
      odd_endpoint: 'not a url',
      code_challenge_methods_supported: ['S256'],
    });
  });
});
