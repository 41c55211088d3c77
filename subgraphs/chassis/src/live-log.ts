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
// attempt was not answered, is looked for among the latest. ARGV: bounds and the channel, then key and text of each push.
const appendScript = `
local most, forMs, positionForMs, channel = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local known = {}
if ARGV[5] == '1' then
  for _, entry in ipairs(redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 3000)) do
    known[entry[2][6]] = entry[1]
  end
end
local previous = redis.call('GET', KEYS[2]) or '-'
local last = previous
local cursors = {}
for place = 6, #ARGV, 2 do
  local key, text = ARGV[place], ARGV[place + 1]
  local cursor = known[key]
  if not cursor then
    cursor = redis.call('XADD', KEYS[1], 'MAXLEN', '~', most, '*', 'm', text, 'p', last, 'k', key)
    redis.call('PUBLISH', channel, cursor .. ' ' .. last .. ' ' .. text)
    last = cursor
  end
  cursors[#cursors + 1] = cursor
end
if last ~= previous then
  local oldest = tonumber(string.match(last, '^%d+')) - tonumber(forMs)
  redis.call('XTRIM', KEYS[1], 'MINID', '~', string.format('%.0f', oldest))
  redis.call('PEXPIRE', KEYS[1], forMs)
  redis.call('SET', KEYS[2], last, 'PX', positionForMs)
end
return cursors
`;

export interface Append {
  channel: string;
  /** In their order; the key names a push, so that one that is repeated stands in the log once. */
  pushes: readonly { readonly text: string; readonly key: string }[];
  isRepeated: boolean;
  limits: LiveLogLimits;
}

const command = 'appendToLiveLog';

/** Appends to a topic's log and tells those who listen. @returns where each stands */
export async function appendToLog(redis: Redis, append: Append): Promise<readonly string[]> {
  const { stream, position, channel } = logKeys(append.channel);
  const { most, forMs } = append.limits;
  const bounds = [most, forMs, positionForMs, channel, append.isRepeated ? '1' : '0'];
  const pushes = append.pushes.flatMap(({ key, text }) => [key, text]);
  // Sent by its hash: the text would be longer than most of what is pushed.
  if (!Reflect.has(redis, command)) redis.defineCommand(command, { numberOfKeys: 2, lua: appendScript });
  const run: (...given: unknown[]) => Promise<string[]> = Reflect.get(redis, command);
  return run.call(redis, stream, position, ...bounds, ...pushes);
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
