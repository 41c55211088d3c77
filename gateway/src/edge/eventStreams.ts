// GraphQL over Server-Sent Events, "distinct connections mode": one request, one operation, one stream.
import type { ServerResponse } from 'node:http';
import { serviceUnavailable, unauthenticated } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { onExpiry } from '../authentication/expiry.ts';
import type { Operations, PreparedOperation } from '../operations.ts';
import type { LiveOperations } from '../subscriptions/liveOperations.ts';
import { mediaTypes } from './mediaTypes.ts';

export interface EventStreams {
  /** Answers with the results of a prepared operation, as they come, until it ends or somebody leaves. */
  open(prepared: PreparedOperation, response: ServerResponse): void;
  /** Ends all subscriptions; queries are still answered. Clients see no `complete` and connect again. */
  stop(): void;
}

export interface EventStreamsOptions {
  operations: Operations;
  live: LiveOperations;
  logger: Logger;
  /** How often a quiet stream says that it is there. Default 12 s. */
  keepAliveMs?: number;
  /** A client with more unread than that is dropped. Default 1 MiB. */
  maximumUnsentBytes?: number;
}

/** How long a client may take to read the end of its stream. */
const lingeringMs = 10_000;

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { operations, live, logger, keepAliveMs = 12_000, maximumUnsentBytes = 1_048_576 } = options;
  const subscriptions = new Set<ServerResponse>();
  let isStopping = false;

  function begin(response: ServerResponse): void {
    response.writeHead(200, {
      'content-type': `${mediaTypes.eventStream}; charset=utf-8`,
      'cache-control': 'no-store',
      // Proxies that buffer by default are asked not to.
      'x-accel-buffering': 'no',
    });
    response.write(':\n\n');
  }

  return {
    open(prepared, response) {
      const { operation, context } = prepared.request;
      const isSubscription = operation.operation === OperationTypeNode.SUBSCRIPTION;
      if (isSubscription && isStopping) throw serviceUnavailable('The service restarts. Subscribe again.');
      // Who left while the token was verified has had its `close` already.
      if (response.destroyed) return;
      begin(response);
      const gone = new AbortController();
      let unsubscribe: () => void = () => undefined;
      const write = (text: string) => {
        if (response.writableLength > maximumUnsentBytes) response.destroy();
        else if (!response.writableEnded) response.write(text);
      };
      const next = (result: string) => write(`event: next\ndata: ${result}\n\n`);
      const leave = () => {
        clearInterval(keepAlive);
        forgetExpiry();
        subscriptions.delete(response);
        gone.abort();
        unsubscribe();
      };
      const complete = () => {
        write('event: complete\ndata:\n\n');
        end(response);
        leave();
      };
      const fail = (errors: readonly GraphQLFormattedError[]) => {
        next(JSON.stringify({ errors }));
        complete();
      };
      const keepAlive = setInterval(() => write(':\n\n'), keepAliveMs);
      const forgetExpiry = onExpiry(context.session, () => fail([expired]));
      response.once('close', leave);
      const broken = (error: unknown) => fail([maskError(error, logger)]);
      if (isSubscription) {
        try {
          subscriptions.add(response);
          unsubscribe = live.subscribe(prepared, { next, fail, complete });
          if (response.writableEnded) leave();
        } catch (error) {
          broken(error);
        }
        return;
      }
      operations.execute(prepared, gone.signal).then((result) => {
        next(result);
        complete();
      }, broken);
    },
    stop() {
      isStopping = true;
      for (const response of subscriptions) end(response);
    },
  };
}

const expired = unauthenticated('The access token has expired. Get a new one and subscribe again.').toJSON();

function end(response: ServerResponse): void {
  if (response.closed) return;
  response.end();
  const timer = setTimeout(() => response.destroy(), lingeringMs);
  response.once('close', () => clearTimeout(timer));
}
