// The second half of an operation's way: it runs, for as long as somebody waits and its deadline allows, and has a cost.
import { deadlineExceeded } from '@supergraph/chassis/errors';
import { inSpan } from '@supergraph/chassis/tracing';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import type { Cache } from './caching/cache.ts';
import { type Answer, answerText, type OperationInput } from './execution/compileOperation.ts';
import type { Delivery } from './execution/deliverParts.ts';
import type { FetchingViewers } from './execution/fetchingViewers.ts';
import { Cancellation } from './execution/resilience/cancellation.ts';
import { Deadlines } from './execution/resilience/deadlines.ts';
import { Interruption } from './execution/resilience/interruption.ts';
import { type AwaitedRun, createSharedRuns } from './execution/sharedRuns.ts';
import type { PreparedOperation } from './operations.ts';

export interface Executed {
  answer: Answer;
  /** By what was returned; undefined where the operation was given up. */
  cost: number | undefined;
}

/** What several requests may be answered with. */
export interface ExecutedWhole extends Executed {
  /** As JSON. */
  text: string;
}

export interface DeliveryToClient {
  tell(payload: string): void;
  gone: Cancellation;
}

export interface Runs {
  /** Equal queries of a viewer under way are one; each who waits for it has a deadline of their own. */
  whole(prepared: PreparedOperation, gone: Cancellation | undefined): Promise<ExecutedWhole>;
  inParts(prepared: PreparedOperation, delivery: DeliveryToClient): Promise<Executed>;
}

export interface RunsOptions {
  viewers: Pick<FetchingViewers, 'of'>;
  cache: Pick<Cache, 'noteChangeBy'>;
  /** Most time for one query or mutation. A subgraph's own is shorter; this one bounds a plan of many steps. */
  deadlineMs: number;
}

export function createRuns({ viewers, cache, deadlineMs }: RunsOptions): Runs {
  const shared = createSharedRuns<ExecutedWhole>(viewers);
  const deadlines = new Deadlines({ deadlineMs, reason: () => new Error('too late') });

  /** The frame of both: what was begun is awaited until it is done, the client has gone, or the deadline is over. */
  function whileAwaited<T>(
    gone: Cancellation | undefined,
    { begin, late }: { begin(): AwaitedRun<T>; late(error: GraphQLFormattedError): T },
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      const { answer, leave } = begin();
      const deadline = new Interruption();
      const settle = () => {
        deadlines.end(deadline);
        gone?.ignore(leave);
      };
      deadline.onInterrupt = () => {
        settle();
        leave();
        const message = `The operation took longer than ${deadlineMs} ms and was given up.`;
        try {
          resolve(late(deadlineExceeded(message).toJSON()));
        } catch (error) {
          reject(error);
        }
      };
      deadlines.begin(deadline, performance.now());
      if (gone?.isCancelled) leave();
      else gone?.listen(leave);
      answer.then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          reject(error);
        },
      );
    });
  }

  return {
    whole(prepared, gone) {
      const { request, authorized, variables, compiled } = prepared;
      const { session, ipAddress } = request.context;
      const fetchMs: (number | undefined)[] = [];
      const runAll = async (abandoned: Cancellation) => {
        const executed = await run(prepared, { cancellation: abandoned, fetchMs, work: compiled.execute });
        return { ...executed, text: answerText(executed.answer) };
      };
      const isQuery = request.operation.operation === OperationTypeNode.QUERY;
      const asked = { key: authorized.key, variables, viewer: session.viewer, ipAddress, begin: runAll };
      // A change is seen through, by itself.
      return whileAwaited(isQuery ? gone : undefined, {
        begin: () => (isQuery ? shared.join(asked) : alone(runAll)),
        late(error) {
          const executed = givenUp(error, fetchMs);
          return { ...executed, text: answerText(executed.answer) };
        },
      });
    },

    inParts(prepared, { tell, gone }) {
      const { compiled, request } = prepared;
      const { viewer } = request.context.session;
      const isMutation = request.operation.operation === OperationTypeNode.MUTATION;
      const fetchMs: (number | undefined)[] = [];
      let delivery: Delivery | undefined;
      return whileAwaited(isMutation ? undefined : gone, {
        begin: () =>
          alone((leaving) =>
            run(prepared, {
              ...{ cancellation: leaving, fetchMs },
              work(input) {
                delivery = compiled.executeInParts({
                  ...{ ...input, tell },
                  ...(isMutation ? { beforeTold: () => cache.noteChangeBy(viewer) } : {}),
                  ...(request.context.wantsCost
                    ? { extensions: (answer) => costExtension(prepared, costOf(prepared, answer)) }
                    : {}),
                });
                return delivery.done;
              },
            }),
          ),
        late(error) {
          const answer = delivery?.giveUp(error);
          return answer ? { answer, cost: undefined } : givenUp(error, fetchMs);
        },
      });
    },
  };
}

/** A run that only one waits for. */
function alone<T>(work: (leaving: Cancellation) => Promise<T>): AwaitedRun<T> {
  const leaving = new Cancellation();
  return { answer: work(leaving), leave: () => leaving.cancel() };
}

interface OneRun {
  /** Cancelled when it is to end. */
  cancellation: Cancellation;
  fetchMs: (number | undefined)[];
  work(input: OperationInput): Promise<Answer>;
}

async function run(prepared: PreparedOperation, { cancellation, fetchMs, work }: OneRun): Promise<Executed> {
  const { request, variables } = prepared;
  const answer = await inSpan('execute', {}, (span) => {
    if (span.isRecording()) span.setAttributes(attributesOf(request));
    return work({ variables, context: { ...request.context, cancellation }, fetchMs });
  });
  return { answer, cost: costOf(prepared, answer) };
}

function costOf({ authorized, variables }: PreparedOperation, answer: Answer): number | undefined {
  return answer.fetched && authorized.cost.returned(answer.fetched, variables, answer.errors);
}

/** What developers are told who ask for it. What was given up has its price. */
export function costExtension({ estimatedCost }: PreparedOperation, actual: number | undefined) {
  return { cost: { estimated: estimatedCost, actual: actual ?? estimatedCost } };
}

function givenUp(error: GraphQLFormattedError, fetchMs: Answer['fetchMs']): Executed {
  return { answer: { data: 'null', errors: [error], denied: new Set(), fetchMs }, cost: undefined };
}

/** By OpenTelemetry's semantic conventions. */
function attributesOf({ operation, hash }: PreparedOperation['request']): Record<string, string> {
  const name = operation.name?.value;
  return {
    'graphql.operation.type': operation.operation,
    ...(name === undefined ? {} : { 'graphql.operation.name': name }),
    'graphql.document.hash': hash,
  };
}
