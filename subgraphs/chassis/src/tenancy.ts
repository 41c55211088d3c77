// The tenant on whose behalf the running code works, carried along every await. Models, live topics and
// events read it from here, so that no call site can forget to pass it.
import { channel } from 'node:diagnostics_channel';
import type { Logger } from 'pino';
import { Ambient } from './ambient.ts';

/** Either one tenant, or a stated reason to work on all of them. */
export type TenantScope =
  | { readonly tenantId: string; readonly reason?: undefined }
  | { readonly tenantId?: undefined; readonly reason: string; readonly region?: string | undefined };

/** The tenant of those who run the platform. Facts that belong to no other tenant are told to it. */
export const platformTenantId = 'ten_platform';

/** Thrown where tenant-bound work meets no scope, or one that does not fit. A mistake in code, never in input. */
export class TenancyError extends Error {
  override readonly name = 'TenancyError';
}

const scopes = new Ambient<TenantScope>();
const crossings = channel('supergraph.tenancy.acrossTenants');

/**
 * Runs `work` for one tenant.
 * @throws TenancyError when already working for another tenant: leave it with `acrossTenants` first, which is logged.
 */
export async function inTenant<T>(tenantId: string, work: () => PromiseLike<T> | T): Promise<T> {
  if (typeof tenantId !== 'string' || tenantId === '')
    throw new TenancyError('A tenant id must not be empty.');
  const outer = scopes.get()?.tenantId;
  if (outer !== undefined && outer !== tenantId) {
    throw new TenancyError(
      `Work for tenant ${outer} may not turn to tenant ${tenantId}; state a reason with acrossTenants first.`,
    );
  }
  // Awaited inside, because a mongoose query runs when it is awaited and not when it is made.
  return scopes.run({ tenantId }, async () => await work());
}

/**
 * Runs `work` on every tenant's data. For operators and the system only; each reason appears in the log.
 * Nothing is filtered, and what is inserted must name its tenant. Where tenants' data lies in several regions, it is
 * done in one of them: the named one, or that of the work across tenants around it.
 */
export async function acrossTenants<T>(
  reason: string,
  work: () => PromiseLike<T> | T,
  { region }: { region?: string } = {},
): Promise<T> {
  if (reason.trim() === '') throw new TenancyError('Work across tenants needs a reason.');
  const outer = scopes.get();
  crossings.publish({ reason, from: outer?.tenantId ?? null });
  const around = outer?.tenantId === undefined ? outer?.region : undefined;
  return scopes.run({ reason, region: region ?? around }, async () => await work());
}

/** The scope in force, or undefined outside of any. */
export function currentScope(): TenantScope | undefined {
  return scopes.get();
}

/**
 * The id of the tenant worked for.
 * @throws TenancyError outside of `inTenant`.
 */
export function currentTenant(): string {
  const scope = scopes.get();
  if (scope === undefined) throw new TenancyError('There is no tenant here: wrap the work in inTenant.');
  if (scope.tenantId === undefined) {
    throw new TenancyError(`Work across tenants (${scope.reason}) has no single tenant.`);
  }
  return scope.tenantId;
}

/**
 * The tenant that something new belongs to: the scope's own, or the named one while working across tenants.
 * @throws TenancyError when the scope is another tenant's, or nothing names a tenant.
 */
export function tenantFor(named: string | undefined): string {
  if (named === undefined) return currentTenant();
  const scope = scopes.get();
  if (scope?.tenantId !== undefined && scope.tenantId !== named) {
    throw new TenancyError(`Work for tenant ${scope.tenantId} may not act for tenant ${named}.`);
  }
  return named;
}

/**
 * Logs work across tenants: a reason's first use at once, then at most once in `everyMs` with the number of
 * uses since, because a scheduler crosses tenants many times a second. Returns the function that stops it.
 */
export function logAcrossTenants(logger: Logger, { everyMs = 60_000 } = {}): () => void {
  const seen = new Map<string, { loggedAt: number; uses: number }>();
  const listener = (message: unknown) => {
    const { reason, from } = message as { reason: string; from: string | null }; // published above, nowhere else
    const entry = seen.get(reason) ?? { loggedAt: Number.NEGATIVE_INFINITY, uses: 0 };
    entry.uses += 1;
    const now = performance.now();
    if (now - entry.loggedAt >= everyMs) {
      logger.info({ reason, from, uses: entry.uses }, 'work across tenants');
      entry.loggedAt = now;
      entry.uses = 0;
    }
    // Reasons are literals in code; should one ever be computed, forgetting all keeps the map bounded.
    if (!seen.has(reason) && seen.size >= 1_000) seen.clear();
    seen.set(reason, entry);
  };
  crossings.subscribe(listener);
  return () => void crossings.unsubscribe(listener);
}
