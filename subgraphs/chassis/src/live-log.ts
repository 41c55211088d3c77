// The log of live topics that keep one, in Redis streams: what was pushed within the last minutes, so that whoever
// was away for a moment gets it later. Each entry names the one before it, so that a hole is seen and never guessed.
import type { Redis } from 'ioredis';
import { beginning, isAfter, isHole } from './live-cursor.ts';

export interface LiveLogLimits {
  /** About the most entries kept for a topic of one tenant. Default 10,000. */
  most: number;
  /** How long they are kept. Default 5 minutes. */
  forMs: number;
}

export const defaultLogLimits: LiveLogLimits = { most: 10_000, forMs: 300_000 };

/** How long it is known where a topic stands, so that a place of before can be told from one that was lost. */
const positionForMs = 86_400_000;
export interface LogEntry {
  readonly cursor: string;
  /** The entry before; null where none is known. */
  readonly previous: string | null;
  readonly text: string;
  /** What the text says; null when that is no JSON object. Absent before the first reader has looked. */
  message?: object | null;
}

export interface LogPage {
  entries: readonly LogEntry[];
  /** Whether something between the place asked for and the first entry, or the end, is no longer there. */
  hasGap: boolean;
  /** Where to read on. */
  cursor: string;
  isLast: boolean;
}

export interface LogKeys {
  channel: string;
  stream: string;
  position: string;
}

export const logKeys = (channel: string): LogKeys => ({
  channel,
  stream: `${channel}:log`,
  position: `${channel}:position`,
});

// In one step, so that entries are told in the order in which they stand. A push that is repeated, because its first
// attempt was not answered, is looked for among the latest.
const appendScript = `
if ARGV[6] == '1' then
  for _, entry in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1000)) do
    if entry[2][6] == ARGV[5] then return entry[1] end
  end
end
local previous = redis.call('GET', KEYS[2]) or '-'
local cursor = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'm', ARGV[1], 'p', previous, 'k', ARGV[5])
local oldest = tonumber(string.match(cursor, '^%d+')) - tonumber(ARGV[3])
redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', oldest))
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call('SET', KEYS[2], cursor, 'PX', ARGV[4])
redis.call('PUBLISH', ARGV[7], cursor .. ' ' .. previous .. ' ' .. ARGV[1])
return cursor
`;

export interface Append {
  channel: string;
  text: string;
  /** Names the push, so that one that is repeated stands in the log once. */
  key: string;
  isRepeated: boolean;
  limits: LiveLogLimits;
}

/** Appends to a topic's log and tells those who listen. @returns where it stands */
export async function appendToLog(redis: Redis, push: Append): Promise<unknown> {
  const { stream, position, channel } = logKeys(push.channel);
  const { most, forMs } = push.limits;
  const given = [push.text, most, forMs, positionForMs, push.key, push.isRepeated ? '1' : '0', channel];
  return redis.eval(appendScript, 2, stream, position, ...given);
}

/** What listeners of a topic with a log hear. @returns null for what is not in that form */
export function parseHeard(message: string): LogEntry | null {
  const first = message.indexOf(' ');
  const second = message.indexOf(' ', first + 1);
  if (first <= 0 || second < 0 || message.startsWith('{')) return null;
  return {
    cursor: message.slice(0, first),
    previous: previousOf(message.slice(first + 1, second)),
    text: message.slice(second + 1),
  };
}

/** Where a topic stands now. */
export async function logPosition(redis: Redis, keys: LogKeys): Promise<string> {
  return (await redis.get(keys.position)) ?? beginning;
}

export interface LogRange {
  /** Where the reader has been. */
  after: string;
  /** Most entries that are read at once. */
  most: number;
}

/** What stands in a log after a place. */
export async function readLog(redis: Redis, keys: LogKeys, range: LogRange): Promise<LogPage> {
  const { after: cursor, most } = range;
  const [read, position] = await readBoth(redis, keys, range);
  const entries = read.map(([id, fields]): LogEntry => {
    const [, text = '', , previous = '-'] = fields;
    return { cursor: id, previous: previousOf(previous), text };
  });
  const [first] = entries;
  const last = entries.at(-1)?.cursor;
  if (first === undefined) {
    const hasGap = position === null ? cursor !== beginning : isAfter(position, cursor);
    return { entries, hasGap, cursor: position ?? beginning, isLast: true };
  }
  const hasGap = isHole(cursor, first.previous);
  return { entries, hasGap, cursor: last ?? cursor, isLast: entries.length < most };
}

type Entries = [id: string, fields: string[]][];

/** Both at one moment: a push in between would look like a loss. */
async function readBoth(
  redis: Redis,
  keys: LogKeys,
  { after, most }: LogRange,
): Promise<[Entries, string | null]> {
  const answers = await redis
    .multi()
    .xrange(keys.stream, `(${after}`, '+', 'COUNT', most)
    .get(keys.position)
    .exec();
  const values = (answers ?? []).map(([error, value]) => {
    if (error) throw error;
    return value;
  });
  if (values.length < 2) throw new Error('The log of a live topic was not read.');
  return values as [Entries, string | null]; // what XRANGE and GET answer with
}

function previousOf(text: string): string | null {
  return text === '-' ? null : text;
}
