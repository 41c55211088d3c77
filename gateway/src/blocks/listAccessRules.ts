// Asks sentinel for all that is blocked and allowed, on the internal network, with a passport of the gateway's own.
import type { HttpClient } from '@supergraph/chassis/http-client';
import { type PassportMint, passportHeader } from '@supergraph/chassis/passport';
import { z } from 'zod';
import { ownViewer } from '../authentication/ownViewer.ts';
import type { AccessRule } from './accessRules.ts';

export interface ListOptions {
  /** Sentinel's GraphQL endpoint; undefined where there is no sentinel. */
  url(): string | undefined;
  http: HttpClient;
  mintPassport: PassportMint;
}

const audience = 'sentinel';
const gateway = ownViewer('access-rule:read');

const answer = z.object({
  rules: z.array(
    z.object({
      ruleId: z.string(),
      tenantId: z.string(),
      effect: z.enum(['BLOCK', 'ALLOW']),
      kind: z.enum(['PERSON', 'CLIENT', 'NETWORK']),
      value: z.string(),
      until: z.string().nullable(),
    }),
  ),
  isLast: z.boolean(),
});

/** None where there is no sentinel. @throws where it does not answer in time */
export async function listAccessRules({ url, http, mintPassport }: ListOptions): Promise<AccessRule[]> {
  const endpoint = url();
  if (endpoint === undefined) return [];
  const all: AccessRule[] = [];
  while (true) {
    const page = new URL('/access-rules', endpoint);
    page.searchParams.set('after', all.at(-1)?.ruleId ?? '');
    const headers = { [passportHeader]: await mintPassport(gateway, audience) };
    const { status, body } = await http.request({ url: page, headers });
    if (status !== 200) throw new Error(`Sentinel answered ${status} instead of its access rules.`);
    const { rules, isLast } = answer.parse(JSON.parse(body));
    all.push(...rules.map(({ until, ...rule }) => ({ ...rule, until: endOf(until) })));
    if (isLast || rules.length === 0) return all;
  }
}

/** Milliseconds since the epoch; Infinity for what doesn't end. */
export function endOf(until: string | null): number {
  return until === null ? Number.POSITIVE_INFINITY : Date.parse(until);
}
