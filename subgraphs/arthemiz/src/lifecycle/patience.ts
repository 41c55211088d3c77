// How long subgraphs are waited for, by the service's configuration.
import type { Arthemiz } from '../context.ts';
import type { RoundPatience } from './rounds.ts';

export function patienceOf({ config }: Arthemiz): RoundPatience {
  return { retryMs: config.PROVISIONING_RETRY_MS, repeatMs: 60_000 };
}
