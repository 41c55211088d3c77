// Erasing all that a subgraph holds of a tenant that is gone. Whoever deletes tenants asks for one batch after the other,
// so that no transaction grows with the tenant, and a crash costs one batch. What is asked for twice is done once more.
import type { Connection, Model } from 'mongoose';
import type { EventHandlers, HandlerInput } from './event-handlers.ts';
import { isRegional, type ModelSchemas, type TenantOwned } from './models.ts';
import { forbidSteps, type ProvisioningStep } from './provisioning.ts';
import type { Service } from './service.ts';

export interface ErasureInput<S> {
  service: S;
  tenantId: string;
  /** Most documents to erase. */
  limit: number;
}

/**
 * Erases of the tenant in scope what is not in models of tenants, in the running transaction, which is one of the home
 * region. @returns how many documents it erased: fewer than `limit` when nothing is left
 */
export type Eraser<S> = (input: ErasureInput<S>) => Promise<number>;

type AnyService = Service<unknown, unknown>;
type Requested<S> = HandlerInput<S, 'tenancy.erasure.requested.v1'>;

/** Whatever else it holds. */
interface Stored {
  _id: unknown;
}

/** Most documents in one batch. */
const batchSize = 1_000;

interface Erasure<S> {
  name: string;
  models: ModelSchemas;
  steps: ReadonlyArray<ProvisioningStep<S>>;
  /** Comes first: what it goes by may be in models of the tenant. */
  eraseFurther: Eraser<S> | undefined;
  /** The database of the requests for steps of the tenant in scope. */
  database(): Connection;
}

/** How a subgraph acts on what it is asked. It is done when a whole look has found nothing. */
export function erasureHandlers<S extends AnyService>(erasure: Erasure<S>): EventHandlers<S> {
  const { name } = erasure;
  return {
    'tenancy.erasure.requested.v1': {
      async run({ event, service, once }) {
        if (event.data.subgraph !== name) return;
        const { tenantId } = event.data;
        const { database, models, steps } = erasure;
        const eraseThere = () => eraseAtHome(erasure, { service, tenantId });
        const atHome = hasAtHome(erasure) ? await service.transaction(eraseThere, { at: 'home' }) : 0;
        await once(async ({ emit }) => {
          // A request of long ago, out of the dead letters, must not make anything anew.
          await forbidSteps(database(), { tenantId, steps });
          const erased = atHome || (await eraseBatch(service.connection, regionalOf(models)));
          await answer({ emit, event }, { erased, isDone: erased === 0, error: null });
        });
      },
      async answerFailure(input) {
        if (input.event.data.subgraph !== name) return;
        await answer(input, { erased: 0, isDone: false, error: input.reason });
      },
    },
  };
}

/** What lies there whatever the tenant's region. A transaction of its own: none reaches two regions. */
async function eraseAtHome<S extends AnyService>(
  { eraseFurther, models }: Erasure<S>,
  { service, tenantId }: { service: S; tenantId: string },
): Promise<number> {
  const further = await eraseFurther?.({ service, tenantId, limit: batchSize });
  const atHome = tenantModels(models).filter(([, owned]) => !isRegional(owned));
  return further || eraseBatch(service.connection, atHome);
}

function hasAtHome<S>({ eraseFurther, models }: Erasure<S>): boolean {
  const isAtHome = ([, owned]: OwnedModels[number]) => !isRegional(owned);
  return eraseFurther !== undefined || tenantModels(models).some(isAtHome);
}

type OwnedModels = ReadonlyArray<readonly [string, TenantOwned]>;

function tenantModels(models: ModelSchemas): OwnedModels {
  return Object.entries(models).flatMap(([name, owned]) =>
    'tenantPath' in owned ? [[name, owned] as const] : [],
  );
}

function regionalOf(models: ModelSchemas): OwnedModels {
  return tenantModels(models).filter(([, owned]) => isRegional(owned));
}

/** Of the tenant in scope. */
async function eraseBatch(connection: Connection, models: OwnedModels): Promise<number> {
  let erased = 0;
  for (const [modelName, owned] of models) {
    const model = connection.model<Stored>(modelName);
    const isSeries = owned.schema.get('timeseries') !== undefined;
    erased += isSeries ? await eraseSeries(model) : await eraseSome(model, batchSize - erased);
    if (erased >= batchSize) break;
  }
  return erased;
}

async function eraseSome(model: Model<Stored>, limit: number): Promise<number> {
  const found = await model.find({}, { _id: 1 }).limit(limit).lean();
  if (found.length === 0) return 0;
  const { deletedCount } = await model.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
  return deletedCount;
}

/** A time series knows no transactions, and is erased by its meta field in whole buckets. */
async function eraseSeries(model: Model<Stored>): Promise<number> {
  const { deletedCount } = await model.deleteMany({}).session(null);
  return deletedCount;
}

async function answer<S>(
  { emit, event }: Pick<Requested<S>, 'emit' | 'event'>,
  outcome: { erased: number; isDone: boolean; error: string | null },
): Promise<void> {
  const { tenantId, subgraph, batch } = event.data;
  await emit('tenancy.erasure.finished.v1', {
    subject: tenantId,
    data: { tenantId, subgraph, batch, ...outcome },
  });
}
