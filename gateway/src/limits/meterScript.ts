import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { calendarScript } from './calendarScript.ts';
import type { Meter, MeterReading } from './meter.ts';

/**
 * Books what was spent of any number of allowances, in one step that nothing comes in between. For each key four
 * arguments: period, quota, length in ms, units spent (negative: given back); for each key two answers: the balance and
 * the milliseconds until the allowance is whole again or the next period begins.
 *
 * A key holds `balance millisecond`, by Redis's clock, since those of our processes differ. What is not there is whole,
 * so a key lives no longer than its allowance takes to come back. A debt is at most one quota: whoever was let through
 * beyond the allowance waits for it, and not for ever.
 */
const script = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
${calendarScript}
local function periodAround(period)
  if period == 'month' then return monthAround(now) end
  local first = math.floor(now / dayMs) * dayMs
  return first, first + dayMs
end

local answers = {}
for index, key in ipairs(KEYS) do
  local at = (index - 1) * 4
  local period, quota, lengthMs, spent = ARGV[at + 1], tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local balance, writtenAt = string.match(redis.call('GET', key) or '', '^(%S+) (%S+)$')
  balance, writtenAt = tonumber(balance) or quota, tonumber(writtenAt) or now
  local resetMs
  if period == 'rolling' then
    balance = math.min(quota, balance + math.max(0, now - writtenAt) * quota / lengthMs)
    balance = math.max(-quota, math.min(quota, balance - spent))
    resetMs = math.ceil((quota - balance) * lengthMs / quota)
  else
    local first, following = periodAround(period)
    if writtenAt < first then balance = quota end
    balance = math.max(-quota, math.min(quota, balance - spent))
    resetMs = following - now
  end
  if spent ~= 0 then
    redis.call('SET', key, string.format('%.6f %d', balance, now), 'PX', math.max(1, resetMs))
  end
  answers[#answers + 1] = string.format('%.6f', balance)
  answers[#answers + 1] = string.format('%d', resetMs)
end
return answers
`;
const scriptHash = createHash('sha1').update(script).digest('hex');

export interface MeterScriptOptions {
  redis: Redis;
  namespace: string;
}

/** Tells Redis what was spent of these allowances, in one round trip. @returns their readings, in the same order. */
export async function bookSpending(
  meters: readonly Meter[],
  { redis, namespace }: MeterScriptOptions,
): Promise<MeterReading[]> {
  const keys = meters.map(({ key }) => `${namespace}:limits:${key}`);
  const args = meters.flatMap((meter) => {
    const { period, quota, seconds } = meter.policy;
    return [period, quota, seconds * 1000, meter.tell()];
  });
  const answers = await evaluate(redis, keys, args);
  return meters.map((_, index) => ({
    balance: Number(answers[2 * index]),
    resetMs: Number(answers[2 * index + 1]),
  }));
}

async function evaluate(redis: Redis, keys: string[], args: Array<string | number>): Promise<unknown[]> {
  try {
    return asList(await redis.evalsha(scriptHash, keys.length, ...keys, ...args));
  } catch (error) {
    // A Redis that was started since does not know the script yet.
    if (!String(error).includes('NOSCRIPT')) throw error;
    return asList(await redis.eval(script, keys.length, ...keys, ...args));
  }
}

function asList(answer: unknown): unknown[] {
  if (!Array.isArray(answer)) throw new Error('Redis did not answer the script with a list.');
  return answer;
}
