// The way to the gateway: HTTP for queries and mutations, one WebSocket for what is live.
import { createLiveConnection } from '@supergraph/session/live';
import { sendSigned } from '@supergraph/session/signed-requests';
import { cacheExchange, createClient, fetchExchange, subscriptionExchange } from 'urql';
import { session } from '../session.ts';

const url = `${location.origin}/graphql`;
/** The one WebSocket. */
export const live = createLiveConnection(url.replace(/^http/, 'ws'), session);

/** urql remembers answers by the types in them: a change that returns a `Role` makes it ask again for all roles. */
export const platform = createClient({
  url,
  preferGetMethod: false,
  // What was known is shown at once, and brought up to date.
  requestPolicy: 'cache-and-network',
  fetch: (input, init) => sendSigned(session, input, init),
  fetchOptions: { headers: { accept: 'application/graphql-response+json' } },
  exchanges: [
    cacheExchange,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: live.client.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});
