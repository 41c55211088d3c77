// Where a client wants a subscription to go on: `extensions.resumeAfter`, or `Last-Event-ID` of an event stream.
import { isCursor } from '@supergraph/chassis/live-cursor';

export interface Resumption {
  /** The cursor of the last event that the client has had; undefined from now on. */
  after: string | undefined;
}

/** Undefined where the client names no place, and gets no cursors; null asks for these from now on. */
export function resumptionIn(extensions: unknown): Resumption | undefined | 'invalid' {
  if (typeof extensions !== 'object' || extensions === null || !('resumeAfter' in extensions))
    return undefined;
  const { resumeAfter } = extensions;
  if (resumeAfter === null) return { after: undefined };
  return isCursor(resumeAfter) ? { after: resumeAfter } : 'invalid';
}
