// Whose session this is, as the platform sees it.

import type { TokenSource } from '@supergraph/session/signed-requests';
import { z } from 'zod';
import { createSignedFetch } from './http.ts';

const answer = z.object({
  data: z.object({
    viewer: z.object({
      displayName: z.string().nullish(),
      email: z.string().nullish(),
      tenant: z.object({ name: z.string() }).nullish(),
    }),
  }),
});

export interface Account {
  name: string;
  email: string | null;
  tenant: string | null;
}

export const accountQuery = 'query ExplorerAccount { viewer { displayName email tenant { name } } }';

/** The signed-in person and their tenant. Throws when the platform can't tell. */
export async function fetchAccount(origin: string, tokens: TokenSource): Promise<Account> {
  const response = await createSignedFetch(tokens)(`${origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ query: accountQuery }),
  });
  const { viewer } = answer.parse(await response.json()).data;
  const email = viewer.email ?? null;
  return { name: viewer.displayName ?? email ?? 'Signed in', email, tenant: viewer.tenant?.name ?? null };
}
