// Live subscriptions, joined with other subgraphs' fields per event. Subscribers who ask the same with equal rights
// share one subscription at the subgraph, one join and one serialization of each event.
import { serviceUnavailable } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import type { Metrics } from '@supergraph/chassis/metrics';
import type { Tracing } from '@supergraph/chassis/tracing';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { deniedCoordinates } from '../authorization/denials.ts';
import type { DenialReporter } from '../authorization/reportDenials.ts';
import { type Answer, answerText, publicErrors } from '../execution/compileOperation.ts';
import type { SubgraphAnswer } from '../execution/subgraphAnswer.ts';
import type { PreparedOperation } from '../operations.ts';
import type { SubgraphEvents } from './subgraphEvents.ts';

/** One client's end of a subscription. After `fail` or `complete` nothing follows. */
export interface Subscriber {
  /** @param result a result as JSON text, the same string for all who share the event */
  next(result: string): void;
  fail(errors: readonly GraphQLFormattedError[]): void;
  complete(): void;
}

export interface LiveOperations {
  /** Opens a prepared subscription. @returns what ends it. */
  subscribe(prepared: PreparedOperation, subscriber: Subscriber): () => void;
}

export interface LiveOperationsOptions {
  events: ReadonlyMap<string, SubgraphEvents>;
  denials: DenialReporter;
  metrics: Metrics;
  tracing: Pick<Tracing, 'serve'>;
  logger: Logger;
  /** Most events of one subscription that wait for their joins. Default 1,000. */
  maximumWaiting?: number;
}

/** Subscribers of one stream, and what ends it. */
interface SharedStream {
  subscribers: Set<Subscriber>;
  close(): void;
}

export function createLiveOperations(options: LiveOperationsOptions): LiveOperations {
  const { events, denials, metrics, tracing, logger, maximumWaiting = 1_000 } = options;
  const streams = new Map<string, SharedStream>();

  function openStream(key: string, prepared: PreparedOperation): SharedStream {
    const { variables, request, compiled } = prepared;
    const { subscription } = compiled;
    const { context } = request;
    const label = labelOf(prepared, metrics);
    const subscribers = new Set<Subscriber>();
    let waiting = 0;
    // Joins of several events run at once; what they bring leaves in the order of the events.
    let line: Promise<void> = Promise.resolve();

    // Whoever asks from now on gets a stream of their own.
    const retire = () => {
      if (streams.get(key)?.subscribers === subscribers) streams.delete(key);
    };
    const end = (tell: (subscriber: Subscriber) => void) => {
      retire();
      const told = [...subscribers];
      subscribers.clear();
      for (const subscriber of told) tell(subscriber);
    };
    const join = async (event: SubgraphAnswer): Promise<string> => {
      const answer = await tracing.serve({ name: `event ${label}`, carrier: {} }, () =>
        compiled.completeEvent(event, { variables, context }),
      );
      metrics.subscriptionResults.inc({ operation: label, outcome: outcomeOf(answer) }, subscribers.size);
      return answerText(answer);
    };
    const queue = (work: Promise<string>) => {
      const settled = work.then(
        (result) => () => {
          for (const subscriber of subscribers) subscriber.next(result);
        },
        (error: unknown) => () => {
          close();
          end((subscriber) => subscriber.fail([maskError(error, logger)]));
        },
      );
      line = line.then(async () => {
        (await settled)();
        waiting -= 1;
      });
    };

    const source = events.get(subscription.subgraph);
    if (source === undefined) throw new Error(`There is no subgraph ${subscription.subgraph}.`);
    const close = source.open(
      {
        query: subscription.query,
        operationName: subscription.operationName,
        variables: pick(variables, subscription.variableNames),
      },
      {
        context,
        sink: {
          event(answer) {
            waiting += 1;
            if (waiting <= maximumWaiting) return queue(join(answer));
            close();
            logger.error(
              { operation: label },
              'a subscription was ended: its events came faster than its joins',
            );
            end((subscriber) => subscriber.fail([tooFast]));
          },
          failed(errors) {
            retire();
            const refusals = errors.map(
              ({ message, path, extensions }) => new GraphQLError(message, { path, extensions }),
            );
            const told = publicErrors(refusals, logger);
            line = line.then(() => end((subscriber) => subscriber.fail(told)));
          },
          completed() {
            retire();
            line = line.then(() => end((subscriber) => subscriber.complete()));
          },
        },
      },
    );
    return { subscribers, close };
  }

  return {
    subscribe(prepared, subscriber) {
      const { compiled, request, authorized, variables } = prepared;
      const operationName = request.operation.name?.value ?? null;
      const coordinates = deniedCoordinates(authorized);
      // Once for the subscription, not again with each event.
      if (coordinates.size > 0) denials.report({ context: request.context, operationName, coordinates });
      if (compiled.plan === undefined) {
        subscriber.fail(compiled.withoutData({ variables, context: request.context }).errors);
        return () => undefined;
      }
      const key = sharingKey(prepared);
      const stream = streams.get(key) ?? openStream(key, prepared);
      streams.set(key, stream);
      stream.subscribers.add(subscriber);
      const label = labelOf(prepared, metrics);
      metrics.subscriptions.inc({ operation: label });
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        metrics.subscriptions.dec({ operation: label });
        stream.subscribers.delete(subscriber);
        if (stream.subscribers.size > 0 || streams.get(key) !== stream) return;
        streams.delete(key);
        stream.close();
      };
    },
  };
}

const tooFast: GraphQLFormattedError = serviceUnavailable(
  'Events came faster than they could be completed. Subscribe again, and ask for less per event.',
).toJSON();

/**
 * Equal for those who get equal results: the same document with the same fields taken out, the same variables, and
 * the same viewer, since a resolver may look at any part of its passport.
 */
function sharingKey({ authorized, variables, request }: PreparedOperation): string {
  const { subject, tenantId, clientId, roles, permissions, scopes } = request.context.session.viewer;
  const viewer = [subject, tenantId, clientId, roles, [...permissions], [...scopes]];
  return JSON.stringify([authorized.key, variables, viewer]);
}

function pick(variables: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (name in variables ? [[name, variables[name]]] : [])));
}

function labelOf({ request }: PreparedOperation, metrics: Metrics): string {
  return metrics.operationLabel(request.operation.name?.value);
}

function outcomeOf({ errors }: Answer): string {
  return errors.length === 0 ? 'success' : 'failure';
}
