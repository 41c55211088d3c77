// One event as clients get it, made once for all of them: a frame is a head of the client's own and an end that is
// the same bytes for everybody.
import { eventsLost } from '@supergraph/chassis/errors';

export interface LiveEventParts {
  /** The result as JSON text. */
  result: string;
  /** Its place in the topic's log, where there is one. */
  cursor?: string | undefined;
  /** Of a gauge: what it is the latest of. */
  key?: string | undefined;
}

export class LiveEvent {
  /** The result as JSON text. */
  readonly result: string;
  readonly cursor: string | undefined;
  readonly key: string | undefined;
  #end: Buffer | undefined;
  #placedEnd: Buffer | undefined;
  #lines: Buffer | undefined;

  constructor({ result, cursor, key }: LiveEventParts) {
    this.result = result;
    this.cursor = cursor;
    this.key = key;
  }

  /** The result with its place, for clients that resume. */
  get placedResult(): string {
    if (this.cursor === undefined) return this.result;
    return `${this.result.slice(0, -1)},"extensions":{"cursor":"${this.cursor}"}}`;
  }

  /** The result and the brace that closes its message. */
  get end(): Buffer {
    this.#end ??= Buffer.from(`${this.result}}`);
    return this.#end;
  }

  /** The result and the empty line that ends an event of an event stream. */
  get lines(): Buffer {
    this.#lines ??= Buffer.from(`${this.result}\n\n`);
    return this.#lines;
  }

  get placedEnd(): Buffer {
    this.#placedEnd ??= this.cursor === undefined ? this.end : Buffer.from(`${this.placedResult}}`);
    return this.#placedEnd;
  }
}

/** Says that something before `cursor` was lost. */
export function lossEvent(cursor: string | undefined): LiveEvent {
  const extensions = { gap: true, ...(cursor === undefined ? {} : { cursor }) };
  return new LiveEvent({ result: JSON.stringify({ errors: [lost], data: null, extensions }) });
}

const lost = eventsLost(
  'Events that came while nobody listened are no longer kept. Ask for the present state; what follows is complete again.',
).toJSON();
