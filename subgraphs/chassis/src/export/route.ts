// Hands out what this subgraph has exported of the viewer's tenant. On the internal network, to whoever shows a passport;
// the gateway makes it public.
import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { refusal } from '../body.ts';
import { sendStream } from '../download.ts';
import { forbidden, notFound } from '../errors.ts';
import type { Route } from '../http.ts';
import { type PassportVerifier, passportHeader } from '../passport.ts';
import { TenantMoving } from '../residency/placement.ts';
import type { Service } from '../service.ts';
import { inTenant } from '../tenancy.ts';
import { exportChunks } from './chunk-model.ts';

/** What it takes to export a tenant, and to read the export. */
export const exportPermission = 'tenant:export';
/** `/exports/ID`, beside `/graphql`. */
export const exportsPath = '/exports';

interface Handing {
  service: Pick<Service<unknown, unknown>, 'connection'>;
  verifyPassport: PassportVerifier;
}

export function createExportRoute({ service, verifyPassport }: Handing): Route {
  const chunks = exportChunks(service.connection);

  async function* bytesOf(exportId: string, tenantId: string): AsyncGenerator<Buffer> {
    for (let batch = 0; ; ) {
      // Whoever pulls the stream does so in no scope.
      const chunk = await onceSettled(() =>
        inTenant(tenantId, () =>
          chunks
            .findOne({ exportId, batch: { $gt: batch } })
            .sort({ batch: 1 })
            .orFail(),
        ),
      );
      yield Buffer.from(chunk.bytes);
      if (chunk.next === null) return;
      ({ batch } = chunk);
    }
  }

  return {
    path: exportsPath,
    async handle(request, response) {
      if (request.method !== 'GET') throw refusal(405, 'Use GET.');
      const { tenantId, permissions } = await verifyPassport(request.headers[passportHeader]);
      if (tenantId === null || !permissions.has(exportPermission))
        throw forbidden(`This takes ${exportPermission}, which your roles don't include.`);
      const exportId = (request.url ?? '').slice(exportsPath.length + 1);
      const isThere = await onceSettled(() =>
        inTenant(tenantId, () => chunks.exists({ exportId, next: null, expiresAt: { $gt: new Date() } })),
      );
      if (isThere === null) throw notFound('There is no such export, or none any more, or it is not ready.');
      response.writeHead(200, { 'content-type': 'application/gzip', 'cache-control': 'no-store' });
      await sendStream(response, Readable.from(bytesOf(exportId, tenantId)));
    },
  };
}

/** A tenant that moves is closed to readers for a moment; a file that broke off there would have to be fetched anew. */
const longestMoveMs = 30_000;
const betweenLooksMs = 100;

async function onceSettled<T>(read: () => Promise<T>): Promise<T> {
  const until = performance.now() + longestMoveMs;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof TenantMoving) || performance.now() > until) throw error;
      await pause(betweenLooksMs);
    }
  }
}
