// Signs access tokens as arthemiz does, serves the key that they are verified with, and tells that nobody's roles changed.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type handleUnaryCall, Server, ServerCredentials } from '@grpc/grpc-js';
import {
  AccessService,
  type ListChangesRequest,
  type ListChangesResponse,
  type ListNetworksRequest,
  type ListNetworksResponse,
} from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import { exportJWK, generateKeyPair } from 'jose';
import { signAccessToken, type TokenClaims } from '../../gateway/src/testing/tokens.ts';

export interface Issuer {
  /** Of the gateway that is to believe in it. */
  env: { ISSUER: string; AUDIENCE: string; JWKS_URL: string; ACCESS_ADDRESS: string };
  /** A token that outlives any benchmark. */
  token(claims: Pick<TokenClaims, 'subject' | 'tenantId' | 'permissions'>): Promise<string>;
  stop(): void;
}

export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = 'bench';
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'ES256', use: 'sig' }] });
  const signing = { ...(await exportJWK(privateKey)), kid };
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(keys);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('it listens on no port');
  const access = await startAccess();
  const url = `http://127.0.0.1:${address.port}`;
  const issuer = `${url}/auth`;
  const audience = `${url}/graphql`;
  return {
    env: {
      ISSUER: issuer,
      AUDIENCE: audience,
      JWKS_URL: `${url}/jwks`,
      ACCESS_ADDRESS: access.address,
    },
    token: (claims) => signAccessToken(signing, { issuer, audience, expiresInSeconds: 86_400, ...claims }),
    stop() {
      server.close();
      server.closeAllConnections();
      access.stop();
    },
  };
}

async function startAccess(): Promise<{ address: string; stop(): void }> {
  const server = new Server();
  const listChanges: handleUnaryCall<ListChangesRequest, ListChangesResponse> = (_, callback) =>
    callback(null, {
      ...{ changes: [], endedSessions: [], removedClients: [], isComplete: true },
      ...{ networks: [], areNetworksComplete: true },
    });
  const listNetworks: handleUnaryCall<ListNetworksRequest, ListNetworksResponse> = (_, callback) =>
    callback(null, { tenants: [] });
  server.addService(AccessService, { listChanges, listNetworks });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  return { address: `127.0.0.1:${port}`, stop: () => server.forceShutdown() };
}
