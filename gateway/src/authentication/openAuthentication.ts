// Who asks, and what they may now: the issuer's keys, access tokens, and what has changed since they were issued.
import type { Broker } from '@supergraph/chassis/broker';
import type { EventContracts } from '@supergraph/chassis/events';
import type { PassportMint } from '@supergraph/chassis/passport';
import type { ServiceFrame } from '@supergraph/chassis/service-frame';
import type { Redis } from 'ioredis';
import type { LostReports } from '../authorization/lostReports.ts';
import type { GatewayBounds } from '../bounds.ts';
import type { GatewayConfig } from '../config.ts';
import { openAccess } from '../grants/access.ts';
import { tokenLifetimeMs } from '../grants/grants.ts';
import { openGrants } from '../grants/openGrants.ts';
import { createAllowedNetworks } from '../networks/allowedNetworks.ts';
import { createAddressReporter } from '../networks/reportAddresses.ts';
import { createAccessTokenVerifier, type Session } from './accessTokens.ts';
import { createApiKeys, isApiKey } from './apiKeys.ts';
import { type Authenticate, anonymousSession, authenticate, presentedIn } from './authenticate.ts';
import type { Credentials } from './credentials.ts';
import { createProofs } from './proofs.ts';
import { loadSigningKeys } from './signingKeys.ts';

export interface AuthenticationOptions
  extends Pick<ServiceFrame, 'logger' | 'metrics' | 'outgoing' | 'health' | 'opened'> {
  config: Pick<GatewayConfig, 'NAMESPACE' | 'ISSUER' | 'AUDIENCE' | 'JWKS_URL' | 'ACCESS_ADDRESS'>;
  redis: Redis;
  broker: Broker;
  contracts: EventContracts;
  lost: LostReports;
  mintPassport: PassportMint;
  bounds: Pick<GatewayBounds, 'signingKeys' | 'grants' | 'apiKeys'>;
}

export function openAuthentication(options: AuthenticationOptions): Authenticate {
  const { config, redis, broker, contracts, mintPassport, bounds } = options;
  const { logger, outgoing, health, opened } = options;
  const { ISSUER: issuer, AUDIENCE: audience } = config;
  const keys = loadSigningKeys({ url: config.JWKS_URL, logger, ...bounds.signingKeys });
  opened.add('signing keys', () => keys.stop());
  health.add({
    name: 'signing-keys',
    necessity: 'required',
    check: async () => {
      if (!(await keys.areAvailable())) throw new Error('the issuer has not told its keys yet');
    },
  });
  const { ACCESS_ADDRESS: address } = config;
  const access = address === undefined ? undefined : openAccess({ address, mintPassport, outgoing });
  opened.add('access', () => access?.close());
  const addresses = createAddressReporter({
    ...{ contracts, broker, logger, lost: options.lost },
    registry: options.metrics.registry,
  });
  opened.add('address reports', () => addresses.stop({ graceMs: 2_000 }));
  const networks = createAllowedNetworks({ report: addresses.report, rememberedMs: tokenLifetimeMs });
  const grants = openGrants({
    ...{ access, networks, broker, contracts, logger, health },
    ...bounds.grants,
  });
  opened.add('grants', () => grants.stop());
  const verify = createAccessTokenVerifier({ ...{ keys, issuer, audience }, onChange: grants.onChange });
  const proofs = createProofs({ redis, namespace: config.NAMESPACE, logger });
  const apiKeys = access && createApiKeys({ access, logger, ...bounds.apiKeys });
  opened.add('API keys', () => apiKeys?.stop());
  function sessionOf({ authorization, proof }: Credentials): Session | Promise<Session> {
    const presented = presentedIn(authorization);
    if (apiKeys && presented?.scheme === 'bearer' && isApiKey(presented.token))
      return apiKeys.sessionOf(presented.token);
    const session = presented ? authenticate(presented, { proof, verify, proofs }) : anonymousSession;
    return 'then' in session ? session.then(grants.current) : grants.current(session);
  }

  // Nobody tells of networks either.
  if (access === undefined) return sessionOf;
  return (credentials) => {
    const session = sessionOf(credentials);
    const from = { ipAddress: credentials.ipAddress, requestId: credentials.requestId };
    return 'then' in session
      ? session.then((later) => networks.admit(later, from))
      : networks.admit(session, from);
  };
}
