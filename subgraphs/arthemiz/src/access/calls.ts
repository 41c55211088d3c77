// The calls of arthemiz.v1.Access. Each shows a passport that no viewer can hold, and answers within its deadline.
import { type handleUnaryCall, type ServerUnaryCall, type sendUnaryData, status } from '@grpc/grpc-js';
import { inTime } from '@supergraph/chassis/deadline';
import { badUserInput, deadlineExceeded, forbidden } from '@supergraph/chassis/errors';
import { maskError } from '@supergraph/chassis/masking';
import { type PassportVerifier, passportHeader } from '@supergraph/chassis/passport';
import type { AccessServer } from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import { z } from 'zod';
import { authenticateApiKey } from '../api-keys/authentication.ts';
import type { Arthemiz } from '../context.ts';
import { recentChanges } from '../grants/changes.ts';
import { partsOf } from '../parts.ts';
import { isRegisteredClientId } from '../registered-clients/reading.ts';
import { recentlyEnded } from '../sessions/ended.ts';
import { changedNetworks, networksAfter } from './networks.ts';
import { resolveStandings } from './standings.ts';

/** Not in the list of permissions, so that no role can hold it. */
const mayRead = 'grant:read';

const resolveRequest = z.object({
  subjects: z
    .array(z.object({ tenantId: z.string().min(1).max(64), subject: z.string().min(1).max(100) }))
    .min(1)
    .max(500),
});
const changesRequest = z.object({ since: z.date() });
const networksRequest = z.object({ afterTenantId: z.string().max(64) });
const apiKeyRequest = z.object({ id: z.string().min(1).max(64), digest: z.instanceof(Uint8Array) });

export function createAccessCalls(
  service: Arthemiz,
  { verify }: { verify: PassportVerifier },
): Pick<AccessServer, 'resolvePermissions' | 'listChanges' | 'authenticateApiKey' | 'listNetworks'> {
  return {
    resolvePermissions: answering({ service, verify, shape: resolveRequest }, async ({ subjects }) => ({
      standings: await resolveStandings(service, subjects),
    })),
    listChanges: answering({ service, verify, shape: changesRequest }, async ({ since }) => {
      const { changes, isComplete } = await recentChanges(service, since);
      const ended = await recentlyEnded(service, since);
      const changed = await changedNetworks(service, since);
      return {
        changes: changes
          .filter((change) => !isRemoval(change))
          .map(({ subject, ...change }) => ({ ...change, subject: subject ?? undefined })),
        removedClients: changes
          .filter(isRemoval)
          .map(({ tenantId, subject, changedAt }) => ({ tenantId, clientId: subject, removedAt: changedAt })),
        endedSessions: ended.endedSessions,
        isComplete: isComplete && ended.isComplete,
        networks: changed.networks,
        areNetworksComplete: changed.isComplete,
      };
    }),
    listNetworks: answering({ service, verify, shape: networksRequest }, async ({ afterTenantId }) => ({
      tenants: await networksAfter(service, afterTenantId),
    })),
    authenticateApiKey: answering({ service, verify, shape: apiKeyRequest }, async ({ id, digest }) => ({
      apiKey: (await authenticateApiKey(service, { id, digest: Buffer.from(digest) })) ?? undefined,
    })),
  };
}

/** What people let a registered client do changes in no other way for gateways: it is their tokens' permissions. */
function isRemoval<Change extends { subject?: string | null }>(
  change: Change,
): change is Change & { subject: string } {
  return isRegisteredClientId(change.subject ?? '');
}

interface Answering<Shape extends z.ZodType> {
  service: Arthemiz;
  verify: PassportVerifier;
  shape: Shape;
}

function answering<Request, Response, Shape extends z.ZodType>(
  { service, verify, shape }: Answering<Shape>,
  answer: (request: z.output<Shape>) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  const { calls } = partsOf(service).accessMetrics;

  async function answerTo(call: ServerUnaryCall<Request, Response>): Promise<Response> {
    const { permissions } = await verify(call.metadata.get(passportHeader)[0]);
    if (!permissions.has(mayRead)) throw forbidden('Access is told to gateways alone.');
    const parsed = shape.safeParse(call.request);
    if (!parsed.success) throw badUserInput(z.prettifyError(parsed.error));
    return answer(parsed.data);
  }

  return (call, callback: sendUnaryData<Response>) => {
    const startedAt = performance.now();
    const method = call.getPath().slice(call.getPath().lastIndexOf('/') + 1);
    const end = (code: status) =>
      calls.observe({ method, status: status[code] }, (performance.now() - startedAt) / 1_000);
    const deadlineMs = Math.min(timeLeft(call.getDeadline()), service.config.OPERATION_DEADLINE_MS);
    const otherwise = () => {
      throw deadlineExceeded('The answer was not there in time.');
    };
    inTime(answerTo(call), { deadlineMs, otherwise }).then(
      (response) => {
        end(status.OK);
        callback(null, response);
      },
      (error: unknown) => {
        const { message, extensions } = maskError(error, service.logger);
        const code = statuses[String(extensions?.code)] ?? status.INTERNAL;
        end(code);
        callback({ code, details: message });
      },
    );
  };
}

const statuses: Readonly<Record<string, status>> = {
  UNAUTHENTICATED: status.UNAUTHENTICATED,
  FORBIDDEN: status.PERMISSION_DENIED,
  BAD_USER_INPUT: status.INVALID_ARGUMENT,
  DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
  SERVICE_UNAVAILABLE: status.UNAVAILABLE,
};

/** Infinity for a call without a deadline. */
function timeLeft(deadline: Date | number): number {
  return Math.max(0, Number(deadline) - Date.now());
}
