// For tests only: a GraphQL client that shows a passport, as the gateway does.
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { TestEnvironment } from '../testing.ts';
import type { Viewer } from '../viewer.ts';

export interface GraphqlResult {
  // Tests know the shape of what they asked for.
  // biome-ignore lint/suspicious/noExplicitAny: assertions read any depth of any query's data
  data?: any;
  errors?: Array<{ message: string; path?: Array<string | number>; extensions?: Record<string, unknown> }>;
}

export interface OperationOptions {
  /** The subgraph's base URL or its GraphQL URL. */
  url: string;
  /** The environment that the subgraph was started with. */
  environment: Pick<TestEnvironment, 'passport'>;
  /** Name of the subgraph when it is not the environment's own service. */
  audience?: string;
  query: string;
  variables?: Record<string, unknown>;
  /** Null sends no passport. */
  viewer: Viewer | null;
}

/** Sends a query or mutation. */
export async function execute(options: OperationOptions): Promise<GraphqlResult & { status: number }> {
  const { query, variables } = options;
  const passport = await passportOf(options);
  const response = await fetch(endpoint(options.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(passport === null ? {} : { passport }) },
    body: JSON.stringify({ query, variables }),
  });
  return { ...((await response.json()) as GraphqlResult), status: response.status };
}

/**
 * Opens a subscription over its own connection. Ends with `return()`, which closes the connection.
 * @throws while iterating, the errors with which the server refused or ended it.
 */
export async function subscribe(options: OperationOptions): Promise<AsyncIterableIterator<GraphqlResult>> {
  const passport = await passportOf(options);
  const client = createClient({
    url: endpoint(options.url).replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  const { query, variables } = options;
  const results = client.iterate({ query, variables, extensions: passport === null ? {} : { passport } });
  const iterator: AsyncIterableIterator<GraphqlResult> = {
    next: () => results.next() as Promise<IteratorResult<GraphqlResult>>, // what GraphQL over WebSocket carries
    async return() {
      await results.return?.();
      await client.dispose();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => iterator,
  };
  return iterator;
}

async function passportOf({ environment, viewer, audience }: OperationOptions): Promise<string | null> {
  return viewer === null ? null : environment.passport(viewer, audience);
}

function endpoint(url: string): string {
  return url.endsWith('/graphql') ? url : `${url}/graphql`;
}
