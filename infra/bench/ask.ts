import { z } from 'zod';
import type { Contestant } from './contestants/contestant.ts';

const answerShape = z.object({ data: z.unknown(), errors: z.unknown() }).partial();

/** Asks once. @returns the data. @throws where it answers with errors, or not at all. */
export async function ask(
  given: { contestant: Pick<Contestant, 'url' | 'title'>; authorizations: readonly string[] },
  query: string,
): Promise<unknown> {
  const { contestant, authorizations } = given;
  const [authorization] = authorizations;
  const response = await fetch(contestant.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
    body: JSON.stringify({ query }),
    signal: AbortSignal.timeout(10_000),
  });
  const { data, errors } = answerShape.parse(await response.json());
  if (errors !== undefined)
    throw new Error(`${contestant.title} answers ${JSON.stringify(errors).slice(0, 500)}`);
  return data;
}
