// Plain @apollo/gateway, the planner's own home.
import { join } from 'node:path';
import { inheritedEnvironment } from '../../local/installation.ts';
import type { Contestant, Stage } from './contestant.ts';
import { startNode } from './ours.ts';

export async function startApolloGateway(stage: Stage): Promise<Contestant> {
  const { root, folder, port, supergraphs, env } = stage;
  const url = `http://127.0.0.1:${port}/`;
  const process = startNode({
    name: 'apollo',
    imports: ['tsx'],
    script: join(import.meta.dirname, 'apollo-gateway-main.ts'),
    env: {
      ...inheritedEnvironment(env),
      NODE_ENV: 'production',
      PORT: String(port),
      SUPERGRAPH_FILE: supergraphs.open,
    },
    root,
    folder,
  });
  await process.until(() => demandAnswer(url));
  return { title: '@apollo/gateway', url, process, knowsViewers: false };
}

/** @throws unless GraphQL is answered at this URL. */
export async function demandAnswer(url: string): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
  });
  if (!response.ok) throw new Error(`${response.status}`);
}
