// Sends a stream as a response's body, at the pace at which the client takes it.
import type { ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A client that takes nothing for so long is given up. */
const stalledMs = 60_000;

/** Settles also when the client has left. @throws what the source throws, with the response cut off */
export async function sendStream(response: ServerResponse, source: Readable): Promise<void> {
  response.setTimeout(stalledMs, () => response.destroy());
  try {
    await pipeline(source, response);
  } catch (error) {
    if (!hasLeft(error)) throw error;
  }
}

function hasLeft(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
