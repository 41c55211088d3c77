// What to tell the person when the platform gave no GraphQL answer, as functions of data alone.
import { z } from 'zod';

/** The shape that GraphiQL shows and that every GraphQL client understands. */
export interface FailedAnswer {
  errors: readonly { message: string }[];
}

/** An answer in which something other than GraphQL came back. */
export interface ForeignAnswer {
  status: number;
  body: string;
}

const graphqlAnswer = z.union([
  z.looseObject({ data: z.unknown().refine((data) => data !== undefined) }),
  z.looseObject({ errors: z.array(z.looseObject({ message: z.string() })).min(1) }),
]);
/** RFC 9457: nginx and the gateway explain themselves in it outside of GraphQL. */
const problem = z.looseObject({ title: z.string().optional(), detail: z.string().optional() });

const awayAdvice =
  'Try again in a few seconds; if it stays away, look whether the platform runs (npm start).';
const doubtAdvice = 'A mutation may have been carried out all the same: look before you repeat it.';

export function failedAnswer(message: string): FailedAnswer {
  return { errors: [{ message }] };
}

export function isGraphqlAnswer(body: string): boolean {
  return graphqlAnswer.safeParse(parsed(body)).success;
}

/** Why the answer is no GraphQL, and what to do. */
export function explainForeignAnswer({ status, body }: ForeignAnswer): string {
  const { title, detail } = problem.safeParse(parsed(body)).data ?? {};
  if (status === 502 || status === 503) {
    return `The gateway does not answer (HTTP ${status}): it starts, restarts or is down. ${awayAdvice}`;
  }
  if (status === 504) return `The gateway did not answer in time (HTTP 504). ${doubtAdvice}`;
  const advice = detail ?? 'Try again; if it stays, tell whoever runs the platform.';
  if (status < 400) return `Something other than GraphQL answered at /graphql (HTTP ${status}). ${advice}`;
  return `The platform refused the request (HTTP ${title ? `${status}, ${title}` : status}). ${advice}`;
}

/** Why no answer came, and what to do. `error` is the session's, whose message is for people, or what `fetch` threw. */
export function explainNoAnswer(error: unknown, { deadlineMs }: { deadlineMs: number }): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return `The platform did not answer within ${deadlineMs / 1000} seconds. ${doubtAdvice}`;
  }
  // fetch rejects with a TypeError when nothing answers or the answer breaks off.
  const isOfNetwork = error instanceof TypeError || error instanceof DOMException;
  if (error instanceof Error && !isOfNetwork) return error.message;
  return `The platform does not answer: it is down, or the network is. ${awayAdvice} ${doubtAdvice}`;
}

/** Why a subscription ended for good, and what to do. */
export function explainLiveEnd(cause: unknown): string {
  const { code, reason } = closing.safeParse(cause).data ?? {};
  if (code === undefined) return `The live connection could not be made. ${awayAdvice}`;
  const said = reason ? `: ${reason}` : '';
  if (code === forbidden) {
    return `The gateway refuses this session for live events${said} (${code}). Sign out and in again.`;
  }
  return `The gateway ended the live connection${said} (${code}). Run the subscription again.`;
}

/** What graphql-ws hands on when a connection closes: the browser's CloseEvent, whose fields are not its own. */
const closing = z.custom<{ code: number; reason: string }>(
  (cause) =>
    typeof cause === 'object' &&
    cause !== null &&
    typeof Reflect.get(cause, 'code') === 'number' &&
    typeof Reflect.get(cause, 'reason') === 'string',
);
const forbidden = 4403;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
