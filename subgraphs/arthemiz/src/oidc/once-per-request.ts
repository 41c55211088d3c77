// What a request for a token asks of MongoDB more than once. Its first answer was read after the request came, so that it
// knows of every change from before; and gateways take a token for up to 15 s older than its `iat` says, so that of what
// changes while it is issued they hear.
import { Provider } from 'oidc-provider';
import type { ReadById } from '../batches.ts';

/** Of a request that takes longer the answer is asked for again. */
const keptMs = 1_000;

interface Read<Row> {
  readonly id: string;
  readonly row: Promise<Row | null>;
  readonly askedAt: number;
}

/**
 * Remembers what a request asked for last. Reads anew outside of requests for tokens.
 * @param given.of what is read, told apart by this name
 */
export function oncePerTokenRequest<Row>(given: { of: string; by: ReadById<Row> }): ReadById<Row> {
  const { of, by } = given;
  const place = `arthemiz: ${of} read for this request`;
  return (id) => {
    const request = Provider.ctx;
    if (request?.oidc.route !== 'token') return by(id);
    const known = request.state[place] as Read<Row> | undefined; // written below, and by nobody else
    const now = performance.now();
    if (known?.id === id && now - known.askedAt < keptMs) return known.row;
    const read: Read<Row> = { id, row: by(id), askedAt: now };
    request.state[place] = read;
    return read.row;
  };
}
