// Who changed what by which mutation, told in the transaction that does it: an audit trail has all of it, or nothing was done.
// Mutations that an event of their own tells of need none of this.
import { Ambient } from './ambient.ts';
import type { SubgraphContext } from './context.ts';
import type { EventData, EventType } from './events.ts';
import type { Service } from './service.ts';
import type { UnitOfWork } from './transaction.ts';

interface Action {
  readonly type: EventType;
  readonly action: string;
  readonly takenBy: string;
  readonly input: unknown;
  /** Whether a transaction that told it is committed. */
  isTold: boolean;
}

const acting = new Ambient<Action>();

type Emit = Pick<UnitOfWork, 'emit'>;

/** Within a transaction of a mutation that is told of, once the mutation is done in it. @returns how to note that it is committed */
export async function tellAction(outcome: unknown, { emit }: Emit): Promise<(() => void) | undefined> {
  const action = acting.get();
  if (action === undefined || action.isTold || !isDone(outcome)) return undefined;
  await emitAction(action, outcome, { emit });
  return () => {
    action.isTold = true;
  };
}

type Resolve = (
  parent: unknown,
  given: { input?: unknown },
  context: SubgraphContext<Service<unknown, unknown>, unknown>,
  info: unknown,
) => unknown;

/**
 * The resolvers, of which the named mutations are told of by `<subgraph>.action.taken.v1`. A mutation's transaction returns the
 * mutation's payload: what is done outside of any is told after it.
 * @throws where there is no such mutation
 */
export function tellingActions(
  resolvers: object,
  { name: service, audited = [] }: { name: string; audited?: readonly string[] | undefined },
): object {
  if (audited.length === 0) return resolvers;
  const { Mutation: mutations = {} } = resolvers as { Mutation?: Record<string, Resolve> }; // resolvers by type and field
  const told = audited.map((name) => {
    const resolve = mutations[name];
    if (resolve === undefined) throw new Error(`There is no mutation ${name} to tell of.`);
    return [name, telling(resolve, { name, service })] as const;
  });
  return { ...resolvers, Mutation: { ...mutations, ...Object.fromEntries(told) } };
}

function telling(resolve: Resolve, { name, service }: { name: string; service: string }): Resolve {
  // There is a schema of that event for each subgraph that has mutations to tell of; the contracts check it.
  const type = `${service}.action.taken.v1` as EventType;
  return (parent, given, context, info) => {
    const action: Action = {
      ...{ type, action: name, takenBy: context.viewer.subject, input: given.input, isTold: false },
    };
    return acting.run(action, async () => {
      const outcome = await resolve(parent, given, context, info);
      if (!action.isTold && isDone(outcome))
        await context.service.transaction(({ emit }) => emitAction(action, outcome, { emit }));
      return outcome;
    });
  };
}

async function emitAction(action: Action, outcome: unknown, { emit }: Emit): Promise<void> {
  const { type, takenBy, input } = action;
  const [made] = Object.values(outcome as object).flatMap(ownId); // a payload, by isDone
  const ids = [...new Set([...namedIds(input), ...(made === undefined ? [] : [made])])].slice(0, 100);
  const subject = ownId(input)[0] ?? made;
  const data = { action: action.action, takenBy, ids } as EventData[EventType]; // as its schema has it
  await emit(type, { ...(subject === undefined ? {} : { subject }), data });
}

/** Payloads have errors, none of them where the mutation was done. */
function isDone(outcome: unknown): boolean {
  const errors = typeof outcome === 'object' && outcome !== null ? Reflect.get(outcome, 'errors') : undefined;
  return Array.isArray(errors) && errors.length === 0;
}

function ownId(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const id: unknown = Reflect.get(value, '_id') ?? Reflect.get(value, 'id');
  return typeof id === 'string' && isId(id) ? [id] : [];
}

/** Of fields that are called ids alone: other text may be anything. */
function namedIds(value: unknown): string[] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, each]): string[] => {
    if (!/^id$|Ids?$/.test(name)) return namedIds(each);
    return (Array.isArray(each) ? each : [each]).filter(
      (id): id is string => typeof id === 'string' && isId(id),
    );
  });
}

const isId = (text: string) => /^[a-z]{2,8}_[\w-]{1,80}$/.test(text);
