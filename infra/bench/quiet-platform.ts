import { type PrivatePlatform, root, startPrivatePlatform } from '../local/private-platform.ts';
import { composeSchema } from '../local/schema-pipeline.ts';
import type { StackOptions } from '../local/stack.ts';

/** A private platform that is measured: composed anew, and without a log of each request, which would be measured too. */
export async function startQuietPlatform(options: Partial<StackOptions>): Promise<PrivatePlatform> {
  await composeSchema(root);
  return startPrivatePlatform({ ...options, env: { ...options.env, LOG_LEVEL: 'warn' } });
}
