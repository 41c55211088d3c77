// Ending all that lets a person in: browser sessions, grants with their codes and refresh tokens, and sign-ins under
// way. Access tokens that are out live on for their minutes.
import type { AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { artifactId } from './artifact-model.ts';

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

/** Ends all of them, in the running transaction where there is one; `except` one browser's session. */
export async function endSignIns(
  { models }: Arthemiz,
  { personId, except }: { personId: string; except?: { sessionUid: string; grantIds: readonly string[] } },
): Promise<void> {
  const kept =
    except === undefined
      ? {}
      : {
          $nor: [
            { kind: 'Session', uid: except.sessionUid },
            { kind: 'Grant', _id: { $in: except.grantIds.map((id) => artifactId('Grant', id)) } },
            { grantId: { $in: [...except.grantIds] } },
          ],
        };
  await models.OidcArtifact.deleteMany({ accountId: personId, ...kept });
}
