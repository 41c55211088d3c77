// Asks arthemiz.v1.Access by gRPC, on the internal network, with a passport of the gateway's own.
import { credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { ApiKeyProof } from '@supergraph/chassis/api-key';
import type { Outgoing } from '@supergraph/chassis/outgoing';
import { type PassportMint, passportHeader } from '@supergraph/chassis/passport';
import {
  AccessClient,
  type ApiKey,
  type ListChangesResponse,
  type TenantNetworks as ToldNetworks,
} from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import { currentTraceparent } from '@supergraph/chassis/tracing';
import { ownViewer } from '../authentication/ownViewer.ts';
import type { TenantNetworks } from '../networks/allowedNetworks.ts';
import type { RecentChanges, Standing } from './changes.ts';

export interface Subject {
  tenantId: string;
  subject: string;
}

export interface Access {
  /** @throws where it does not answer in time */
  changesSince(since: Date): Promise<RecentChanges>;
  /** What the subjects may do now, in their order. @throws where it does not answer in time */
  standingsOf(subjects: readonly Subject[]): Promise<Standing[]>;
  /** Of all tenants that allow some networks alone. @throws where it does not answer in time */
  networks(): Promise<TenantNetworks[]>;
  /** Undefined for a key that is good for nothing. @throws where it does not answer in time */
  authenticateApiKey(proof: ApiKeyProof): Promise<ApiKey | undefined>;
  close(): void;
}

export interface AccessOptions {
  /** Where arthemiz.v1.Access is: host:port, or dns:///host:port for all addresses of a name in turn. */
  address: string;
  mintPassport: PassportMint;
  outgoing: Outgoing;
}

/** The passport's audience. */
const audience = 'arthemiz';
const gateway = ownViewer('grant:read');

/** For a question with all its attempts. */
const deadlineMs = 2_000;

export function openAccess({ address, mintPassport, outgoing }: AccessOptions): Access {
  // Not for long: whether it is back is asked every second, and until then rights are taken away that may still hold.
  const guard = outgoing.guard('access', { deadlineMs, breakForMs: 500, isRefusal });
  const client = new AccessClient(address, credentials.createInsecure(), channel);

  async function ask<Request, Response>(
    call: UnaryCall<Request, Response>,
    request: Request,
  ): Promise<Response> {
    const deadline = Date.now() + deadlineMs;
    const passport = await mintPassport(gateway, audience);
    return guard.run(
      (signal) =>
        new Promise<Response>((resolve, reject) => {
          const metadata = new Metadata();
          metadata.set(passportHeader, passport);
          const traceparent = currentTraceparent();
          if (traceparent !== undefined) metadata.set('traceparent', traceparent);
          const sent = call.call(client, request, metadata, { deadline }, (error, response) =>
            error === null ? resolve(response) : reject(error),
          );
          signal.addEventListener('abort', () => sent.cancel(), { once: true });
        }),
      { repetition: 'safe' },
    );
  }

  return {
    changesSince: async (since) => recentChangesOf(await ask(client.listChanges, { since })),
    async standingsOf(subjects) {
      const { standings } = await ask(client.resolvePermissions, { subjects: [...subjects] });
      return subjects.map(({ tenantId, subject }) => {
        const found = standings.find((each) => each.tenantId === tenantId && each.subject === subject);
        return found ?? { roles: [], permissions: [] };
      });
    },
    networks: () => readPages((afterTenantId) => ask(client.listNetworks, { afterTenantId })),
    authenticateApiKey: async ({ id, digest }) =>
      (await ask(client.authenticateApiKey, { id, digest })).apiKey,
    close: () => client.close(),
  };
}

/** As the generated client has its calls. */
type UnaryCall<Request, Response> = (
  this: AccessClient,
  request: Request,
  metadata: Metadata,
  options: { deadline: number },
  callback: (error: ServiceError | null, response: Response) => void,
) => { cancel(): void };

const channel = {
  // Attempts are the guard's.
  'grpc.enable_retries': 0,
  'grpc.service_config': JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  'grpc.service_config_disable_resolution': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 2_000,
  'grpc.max_receive_message_length': 4 * 1_048_576,
};

const refusals = new Set<unknown>([
  status.INVALID_ARGUMENT,
  status.UNAUTHENTICATED,
  status.PERMISSION_DENIED,
]);

function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && refusals.has(error.code);
}

async function readPages(
  ask: (afterTenantId: string) => Promise<{ tenants: ToldNetworks[] }>,
): Promise<TenantNetworks[]> {
  const all: TenantNetworks[] = [];
  while (true) {
    const { tenants } = await ask(all.at(-1)?.tenantId ?? '');
    if (tenants.length === 0) return all;
    all.push(...tenants.map(networksOf));
  }
}

function networksOf({ tenantId, networks, changedAt }: ToldNetworks): TenantNetworks {
  return { tenantId, networks, changedAt: changedAt?.getTime() ?? 0 };
}

function recentChangesOf({
  changes,
  networks,
  endedSessions,
  removedClients,
  ...recent
}: ListChangesResponse): RecentChanges {
  return {
    ...recent,
    networks: networks.map(networksOf),
    changes: changes.map(({ subject, changedAt, ...change }) => ({
      ...change,
      subject: subject ?? null,
      // Without its time it may concern every token.
      changedAt: changedAt?.getTime() ?? Date.now(),
    })),
    ended: [
      ...endedSessions.map(({ tenantId, sessionId: id }) => ({ tenantId, id })),
      ...removedClients.map(({ tenantId, clientId: id }) => ({ tenantId, id })),
    ],
  };
}
