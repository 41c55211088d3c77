// What a subgraph does for each new tenant. It declares its steps when it starts; whoever provisions tenants asks for
// one after the other, and is told how each went. Requests and answers are events, by outbox and inbox.
import { setTimeout as pause } from 'node:timers/promises';
import mongoose, { type Connection } from 'mongoose';
import type { EventHandlers, HandlerInput } from './event-handlers.ts';
import type { Service, Worker } from './service.ts';
import { platformTenantId } from './tenancy.ts';
import type { UnitOfWork } from './transaction.ts';

export interface StepInput<S> extends UnitOfWork {
  service: S;
  tenant: { id: string; slug: string; name: string };
}

/**
 * One thing that a tenant needs of this subgraph. Both functions run in the tenant's scope and in a transaction, and
 * may be called again for what they did before: they make, or remove, what is missing, or left. What throws has left
 * nothing; it is tried again a few times, then everything that was made for the tenant is taken back.
 */
export interface ProvisioningStep<S> {
  /** Unique in the subgraph and never changed, for example `default-checks`. */
  readonly name: string;
  /** What it does, for the people who watch it. */
  readonly description: string;
  provision(input: StepInput<S>): Promise<void>;
  compensate(input: StepInput<S>): Promise<void>;
}

type AnyService = Service<unknown, unknown>;
type Requested<S> = HandlerInput<S, 'tenancy.step.requested.v1'>;

const betweenAttemptsMs = 1_000;

interface Participation<S> {
  name: string;
  steps: ReadonlyArray<ProvisioningStep<S>>;
}

interface Acting<S> extends Participation<S> {
  /** The database where the data of the tenant in scope lies. */
  database(): Connection;
}

/** How a subgraph acts on what it is asked. */
export function stepHandlers<S extends AnyService>({ name, steps, database }: Acting<S>): EventHandlers<S> {
  const isMine = ({ event }: Requested<S>) => event.data.subgraph === name;
  return {
    async 'tenancy.steps.requested.v1'({ emit, event }) {
      if (event.data.subgraph !== name) await declareSteps({ emit }, { name, steps });
    },
    'tenancy.step.requested.v1': {
      // What a tenant needs is its own.
      at: 'region',
      async handle(input) {
        if (!isMine(input) || !(await isLatest(input.event, database()))) return;
        const { data } = input.event;
        const step = steps.find((each) => each.name === data.step);
        if (step === undefined) throw new Error(`${name} has no step ${data.step}.`);
        const { tenantId: id, slug, name: tenantName } = data;
        await step[data.action]({ ...input, tenant: { id, slug, name: tenantName } });
        await answer(input, null);
      },
      async answerFailure(input) {
        if (isMine(input)) await answer(input, input.reason);
      },
    },
  };
}

/**
 * Declares the steps once events arrive. In this order: who asks for declarations does so when they hear, so of two
 * that start at once at least one hears the other.
 */
export function createStepDeclaration<S extends AnyService>({
  service,
  steps,
  consuming,
}: {
  service: S;
  steps: ReadonlyArray<ProvisioningStep<S>>;
  consuming: Promise<void>;
}): Worker {
  const { name, transaction, logger } = service;
  const stopping = new AbortController();
  let declaring: Promise<void> = Promise.resolve();
  const declare = async () => {
    while (!stopping.signal.aborted) {
      try {
        return await transaction((unit) => declareSteps(unit, { name, steps }));
      } catch (error) {
        logger.warn({ err: error }, 'steps were not declared; trying again');
        await pause(betweenAttemptsMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      }
    }
  };
  return {
    name: 'declaration of steps',
    async start() {
      // Not awaited: RabbitMQ may come later.
      consuming.then(() => {
        declaring = declare();
      });
    },
    async stop() {
      stopping.abort();
      await declaring;
    },
  };
}

function declareSteps<S>({ emit }: Pick<UnitOfWork, 'emit'>, { name, steps }: Participation<S>) {
  const declared = steps.map((step) => ({ name: step.name, description: step.description }));
  return emit('tenancy.steps.declared.v1', {
    tenantId: platformTenantId,
    data: { subgraph: name, steps: declared },
  });
}

async function answer<S>({ emit, event }: Requested<S>, error: string | null): Promise<void> {
  const { tenantId, subgraph, step, action, sequence } = event.data;
  const data = { tenantId, subgraph, step, action, sequence, error };
  await emit('tenancy.step.finished.v1', { subject: tenantId, data });
}

/** The last request about a step of a tenant: what was asked before it must not be done after it. */
const requestSchema = new mongoose.Schema(
  { _id: { type: String, required: true }, sequence: { type: Number, required: true } },
  { versionKey: false },
);

/** Made with the service's models, because its collection has to stand before them. */
export function stepRequests(connection: Connection) {
  return connection.model('ChassisStepRequest', requestSchema, 'step_requests');
}

/** From now on every request about these steps counts as overtaken. */
export async function forbidSteps(
  connection: Connection,
  { tenantId, steps }: { tenantId: string; steps: ReadonlyArray<{ readonly name: string }> },
): Promise<void> {
  for (const { name } of steps) {
    const sequence = Number.MAX_SAFE_INTEGER;
    const _id = `${tenantId}/${name}`;
    await stepRequests(connection).updateOne({ _id }, { $set: { sequence } }, { upsert: true });
  }
}

/** Notes the request in its transaction. False for one that was overtaken, by retries or out of the dead letters. */
async function isLatest(
  { data: { tenantId, step, sequence } }: Requested<unknown>['event'],
  connection: Connection,
): Promise<boolean> {
  const requests = stepRequests(connection);
  const _id = `${tenantId}/${step}`;
  const latest = await requests.findOne({ _id }).lean();
  if (latest !== null && latest.sequence > sequence) return false;
  await requests.updateOne({ _id }, { $set: { sequence } }, { upsert: true });
  return true;
}
