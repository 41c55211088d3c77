// For tests only: asks arthemiz.v1.Access as a gateway does.
import { credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { ApiKeyProof } from '@supergraph/chassis/api-key';
import { passportHeader } from '@supergraph/chassis/passport';
import {
  AccessClient,
  type ApiKey,
  type Change,
  type ListChangesResponse,
  type Standing,
} from '@supergraph/chassis/proto/arthemiz/v1/access.generated';
import { testViewer } from '@supergraph/chassis/testing';
import type { Subject } from '../grants/changes.ts';
import { partsOf } from '../parts.ts';
import type { Fixture, Running } from './fixture.ts';

export interface Asking {
  /** Default: the gateway. */
  viewer?: Parameters<typeof testViewer>[0];
  /** `none` sends no passport. */
  passport?: 'none';
  deadlineMs?: number;
}

export type { Change, Standing };
export type AccessAsker = ReturnType<typeof openAccess>;

export const gateway = { subject: 'gateway', tenantId: null, permissions: ['grant:read'] };

/** Close it before the service stops. */
export function openAccess(fixture: Fixture, { service }: Pick<Running, 'service'> = fixture.running) {
  const { address } = partsOf(service).access;
  const client = new AccessClient(address, credentials.createInsecure());

  async function ask<Request, Response>(
    call: (
      this: AccessClient,
      request: Request,
      metadata: Metadata,
      options: { deadline: number },
      callback: (error: ServiceError | null, response: Response) => void,
    ) => unknown,
    request: Request,
    { viewer = gateway, passport, deadlineMs = 5_000 }: Asking,
  ): Promise<Response> {
    const metadata = new Metadata();
    if (passport !== 'none')
      metadata.set(passportHeader, await fixture.environment.passport(testViewer(viewer), 'arthemiz'));
    return new Promise((resolve, reject) => {
      const deadline = Date.now() + deadlineMs;
      call.call(client, request, metadata, { deadline }, (error, response) =>
        error === null ? resolve(response) : reject(error),
      );
    });
  }

  return {
    address,
    async resolve(subjects: readonly Subject[], asking: Asking = {}): Promise<Standing[]> {
      return (await ask(client.resolvePermissions, { subjects: [...subjects] }, asking)).standings;
    },
    changesSince: (since: Date | undefined, asking: Asking = {}): Promise<ListChangesResponse> =>
      ask(client.listChanges, { since }, asking),
    authenticate: async (proof: ApiKeyProof, asking: Asking = {}): Promise<ApiKey | undefined> =>
      (await ask(client.authenticateApiKey, proof, asking)).apiKey,
    close: () => client.close(),
  };
}
