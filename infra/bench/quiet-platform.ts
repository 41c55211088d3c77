import { type PrivatePlatform, root, startPrivatePlatform } from '../local/private-platform.ts';
import { composeSchema } from '../local/schema-pipeline.ts';
import type { StackOptions } from '../local/stack.ts';
import { roomyLimits, roomyLive } from './roomy-limits.ts';

/** A private platform that is measured: composed anew, and without a log of each request, which would be measured too. */
export async function startQuietPlatform(options: Partial<StackOptions>): Promise<PrivatePlatform> {
  await composeSchema(root);
  const env = { ...options.env, LOG_LEVEL: 'warn', RATE_LIMITS: roomyLimits, ...roomyLive };
  return startPrivatePlatform({ ...options, env });
}
