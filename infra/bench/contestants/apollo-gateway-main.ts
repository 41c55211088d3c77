// @apollo/gateway on @apollo/server as their documentation shows it. Runs as a process of its own.
import { readFileSync } from 'node:fs';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { z } from 'zod';

const { PORT, SUPERGRAPH_FILE } = z
  .object({ PORT: z.coerce.number(), SUPERGRAPH_FILE: z.string() })
  .parse(process.env);
const gateway = new ApolloGateway({ supergraphSdl: readFileSync(SUPERGRAPH_FILE, 'utf8') });
const server = new ApolloServer({ gateway });
await startStandaloneServer(server, { listen: { port: PORT, host: '127.0.0.1' } });
process.on('disconnect', () => process.exit(0));
