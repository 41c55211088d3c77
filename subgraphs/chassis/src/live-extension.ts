// What gateway and subgraphs tell each other of a subscription beside its events, in `extensions.live`: the gateway
// asks for it and says where to begin; the subgraph says how far each event has brought it.
import { z } from 'zod';
import { badUserInput } from './errors.ts';
import { LiveBookmark } from './live-bookmark.ts';
import { isCursor } from './live-cursor.ts';

/** Key in the `extensions` of a subscription's request and of its results. */
export const liveExtension = 'live';

export interface LiveRequest {
  /** Null: from now on. */
  resumeAfter: string | null;
}

/** Of one result. One without data tells of a place alone. */
export interface LivePosition {
  /** The event's place in the topic's log; absent where there is none. */
  cursor?: string;
  /** Of a gauge: what the event is the latest of. */
  key?: string;
  /** Something before this was lost. */
  hasGap?: boolean;
  /** What follows is told as it happens. */
  isLive?: boolean;
}

const requestShape = z.object({ resumeAfter: z.string().refine(isCursor).nullable() });

/** The bookmark that a request asks for; undefined where it asks for none. @throws PlatformError BAD_USER_INPUT */
export function bookmarkFor(extension: unknown): LiveBookmark | undefined {
  if (extension === undefined) return undefined;
  const parsed = requestShape.safeParse(extension);
  if (!parsed.success)
    throw badUserInput('extensions.live.resumeAfter is no cursor. Send one that came with an event.');
  return new LiveBookmark(parsed.data.resumeAfter ?? undefined);
}
