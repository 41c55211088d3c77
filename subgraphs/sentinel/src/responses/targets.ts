// Whom people may name as the target of a response, or on the allow-list.
import { z } from 'zod';
import { isTooWide, type Target, targetKinds, widestBits } from './rules.ts';

const network = z.union([z.cidrv4(), z.cidrv6()]);

export const targetInput = {
  targetKind: z.enum(targetKinds),
  target: z.string().trim().min(1).max(100),
};

/** What is wrong with it; null for nothing. */
export function targetProblem({ kind, value }: Target): string | null {
  switch (kind) {
    case 'PERSON':
      return /^per_[\w-]{1,60}$/.test(value) ? null : 'is no id of a person';
    case 'CLIENT':
      return /^[\w-]{1,100}$/.test(value) ? null : 'is no id of a program';
    case 'NETWORK':
      if (!network.safeParse(value).success) return 'is a network such as 203.0.113.0/24';
      return isTooWide(value)
        ? `is too wide: /${widestBits.ipv4} at the widest, /${widestBits.ipv6} for IPv6`
        : null;
  }
}
