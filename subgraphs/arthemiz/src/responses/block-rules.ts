// Whether somebody is blocked, by the rule that gateways go by too (gateway/src/blocks/accessRules.ts). Pure.
import { readNetworks } from '@supergraph/chassis/networks';

export interface AccessRule {
  readonly effect: 'BLOCK' | 'ALLOW';
  readonly kind: 'PERSON' | 'CLIENT' | 'NETWORK';
  readonly value: string;
}

export interface Entering {
  readonly personId: string;
  readonly clientId: string | null;
  readonly ipAddress: string | null;
}

export type Verdict =
  | 'free'
  | 'blocked'
  /** By network or program, which keeps nobody out who may lift blocks. */
  | 'blocked-unless-lifting';

/** Of the rules of one tenant that hold. An allow rule wins over every block. */
export function verdictOf(rules: readonly AccessRule[], entering: Entering): Verdict {
  const meant = rules.filter((rule) => means(rule, entering));
  if (meant.length === 0 || meant.some(({ effect }) => effect === 'ALLOW')) return 'free';
  return meant.some(({ kind }) => kind === 'PERSON') ? 'blocked' : 'blocked-unless-lifting';
}

function means({ kind, value }: AccessRule, { personId, clientId, ipAddress }: Entering): boolean {
  switch (kind) {
    case 'PERSON':
      return value === personId;
    case 'CLIENT':
      return value === clientId;
    case 'NETWORK':
      return ipAddress !== null && readNetworks([value]).has(ipAddress);
  }
}
