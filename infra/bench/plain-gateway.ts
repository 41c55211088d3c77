// The alternative: @apollo/gateway on @apollo/server as their documentation shows it, without authentication and
// authorization. It only brings the passport that our subgraphs ask for. Runs as a process of its own.
import { readFileSync } from 'node:fs';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { createPassportMint, passportHeader } from '@supergraph/chassis/passport';
import type { Viewer } from '@supergraph/chassis/viewer';
import { z } from 'zod';

const environment = z.object({
  PORT: z.coerce.number(),
  SUPERGRAPH_FILE: z.string(),
  SUBGRAPH_URLS: z.string().transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
  PASSPORT_PRIVATE_KEY: z
    .string()
    .transform((text) => z.record(z.string(), z.string()).parse(JSON.parse(text))),
  VIEWER: z.string().transform((text) => viewerShape.parse(JSON.parse(text))),
});
const viewerShape = z.object({ subject: z.string(), tenantId: z.string(), permissions: z.array(z.string()) });

const { PORT, SUPERGRAPH_FILE, SUBGRAPH_URLS, PASSPORT_PRIVATE_KEY, VIEWER } = environment.parse(process.env);
const mintPassport = await createPassportMint({ privateKey: PASSPORT_PRIVATE_KEY });
const viewer: Viewer = {
  ...VIEWER,
  clientId: null,
  roles: [],
  permissions: new Set(VIEWER.permissions),
  scopes: new Set(),
  isAnonymous: false,
};

const gateway = new ApolloGateway({
  // It refuses a supergraph whose security it would have to enforce.
  supergraphSdl: readFileSync(SUPERGRAPH_FILE, 'utf8').replaceAll(', for: SECURITY', ''),
  buildService: ({ name }) =>
    new RemoteGraphQLDataSource({
      url: SUBGRAPH_URLS[name] ?? '',
      async willSendRequest({ request }) {
        request.http?.headers.set(passportHeader, await mintPassport(viewer, name));
      },
    }),
});
const server = new ApolloServer({ gateway, nodeEnv: 'production' });
await startStandaloneServer(server, { listen: { port: PORT, host: '127.0.0.1' } });
process.send?.('ready');
process.on('disconnect', () => process.exit(0));
