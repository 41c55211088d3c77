// Whom a document of the provider's lets in: browser sessions, grants with their codes and refresh tokens, and sign-ins
// under way. By that they are found to be ended together (sessions/ending.ts).
import type { AdapterPayload } from 'oidc-provider';
import { z } from 'zod';

const underWay = z.object({
  session: z.object({ accountId: z.string() }).optional(),
  result: z
    .object({
      login: z.object({ accountId: z.string() }).optional(),
      authenticated: z.object({ personId: z.string() }).optional(),
    })
    .optional(),
});

/** The person whom the provider's document lets in. A sign-in under way is theirs from the first proof on. */
export function accountOf(payload: AdapterPayload): string | undefined {
  if (typeof payload.accountId === 'string') return payload.accountId;
  const { result, session } = underWay.safeParse(payload).data ?? {};
  return result?.authenticated?.personId ?? result?.login?.accountId ?? session?.accountId;
}
