// What DNS says of a domain.
import { Resolver } from 'node:dns/promises';
import type { Arthemiz } from '../context.ts';
import { recordName } from './rules.ts';

/** Codes by which DNS answers that there is nothing. */
const nothing = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * The TXT records in which a domain proves whose it is; none where there are none.
 * @throws OutgoingError when DNS does not answer
 */
export function proofRecords(service: Arthemiz, domain: string): Promise<string[][]> {
  // Domains are chosen by tenants: one whose servers are silent must not stand in the way of another's.
  const guard = service.outgoing.guard('dns', {
    deadlineMs: 6_000,
    attempts: 1,
    breakAfter: Number.POSITIVE_INFINITY,
  });
  return guard.run(
    async (signal) => {
      const resolver = new Resolver({ timeout: 2_000, tries: 2 });
      const { DNS_SERVERS } = service.config;
      if (DNS_SERVERS !== undefined) resolver.setServers(DNS_SERVERS);
      signal.addEventListener('abort', () => resolver.cancel(), { once: true });
      try {
        return await resolver.resolveTxt(recordName(domain));
      } catch (error) {
        if (nothing.has(String((error as { code?: unknown }).code))) return []; // Node puts the code there
        throw error;
      }
    },
    { repetition: 'safe' },
  );
}
