// The lines of a body as it comes, so many at once: the next are read when these are done with, so that no more of a body than
// that is held.
import type { Readable } from 'node:stream';
import { mostEventBytes } from './ocsf-input.ts';
import type { Line } from './taking.ts';

export interface LineBounds {
  /** Most bytes of all. */
  readonly mostBytes: number;
  /** Most lines that are given at once. */
  readonly atOnce: number;
  /** What is thrown for a body that is larger. */
  tooLarge(): Error;
}

/** Empty lines are left out and counted. */
export async function* linesOf(body: Readable, bounds: LineBounds): AsyncGenerator<Line[]> {
  const { mostBytes, atOnce, tooLarge } = bounds;
  let rest = Buffer.alloc(0);
  let bytes = 0;
  let place = 0;
  let lines: Line[] = [];
  const add = (line: Buffer) => {
    place += 1;
    // Of one that is too long its beginning is enough to say so.
    const json = line.subarray(0, mostEventBytes + 1).toString('utf8');
    if (json.trim() !== '') lines.push({ json, line: place });
  };
  // Who is refused in between is still told so: the connection stays.
  const chunks: AsyncIterable<Buffer> = {
    [Symbol.asyncIterator]: () => body.iterator({ destroyOnReturn: false }),
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge();
    const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = all.indexOf(10, from); end >= 0; end = all.indexOf(10, from)) {
      add(all.subarray(from, end));
      from = end + 1;
      if (lines.length < atOnce) continue;
      yield lines;
      lines = [];
    }
    // Likewise: one line may be as long as all of it.
    rest = Buffer.from(all.subarray(from, from + mostEventBytes + 1));
  }
  if (rest.length > 0) add(rest);
  if (lines.length > 0) yield lines;
}
