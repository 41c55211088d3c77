// For tests only: a client that takes answers in parts over HTTP, and joins parts to the answer that they are of.
import type { GraphQLFormattedError } from 'graphql';
import { openStreamedResponse, type StreamedRequest, type StreamedResponse } from './streamed-response.ts';

export const partsMediaType = 'multipart/mixed; deferSpec=20220824';

type Json = Record<string, unknown>;

export interface Part {
  data: Json | null;
  path: readonly (string | number)[];
  label?: string;
  errors?: readonly GraphQLFormattedError[];
}

export interface Payload {
  data?: Json | null;
  errors?: readonly GraphQLFormattedError[];
  incremental?: readonly Part[];
  extensions?: Json;
  hasNext: boolean;
}

export interface PartsAnswer extends StreamedResponse {
  /** What has come so far. */
  payloads(): readonly Payload[];
}

export async function askInParts(
  url: string,
  { headers, ...request }: StreamedRequest,
): Promise<PartsAnswer> {
  const accept = `${partsMediaType}, application/json`;
  const response = await openStreamedResponse(url, { ...request, headers: { accept, ...headers } });
  return {
    ...response,
    payloads: () =>
      response
        .text()
        .split(/\r\n---(?:--)?\r\n/)
        .slice(0, -1)
        .filter((part) => part !== '')
        .map((part) => JSON.parse(part.slice(part.indexOf('\r\n\r\n') + 4)) as Payload), // the format under test
  };
}

/** The answer that the parts are of, with all errors. */
export function joinParts(payloads: readonly Payload[]): { data: unknown; errors: GraphQLFormattedError[] } {
  const [first, ...rest] = payloads;
  // A copy of this realm's: jest compares prototypes.
  const whole = { data: JSON.parse(JSON.stringify(first?.data ?? null)) as unknown };
  const parts = rest.flatMap(({ incremental = [] }) => incremental);
  for (const { path, data } of parts) {
    const object = path.reduce((at, key) => (at as Json)[key], whole.data); // a path leads through objects and lists
    merge(object as Json, data ?? {});
  }
  const errors = [...payloads, ...parts].flatMap((each) => each.errors ?? []);
  return { ...whole, errors };
}

function merge(target: Json, source: Json): void {
  for (const [key, value] of Object.entries(source)) {
    const there = target[key];
    const isComposite = typeof there === 'object' && there !== null;
    if (isComposite && typeof value === 'object' && value !== null)
      merge(there as Json, value as Json); // composite, both
    else target[key] = value;
  }
}
