// GraphQL over Server-Sent Events, "distinct connections mode": one request, one operation, one stream.
import type { ServerResponse } from 'node:http';
import { unauthenticated } from '@supergraph/chassis/errors';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import type { Operations, PreparedOperation } from '../operations.ts';
import type { LiveOperations } from '../subscriptions/liveOperations.ts';
import { mediaTypes } from './mediaTypes.ts';

export interface EventStreams {
  /** Answers with the results of a prepared operation, as they come, until it ends or somebody leaves. */
  open(prepared: PreparedOperation, response: ServerResponse): void;
  /** Ends all streams. Clients see no `complete` and connect again. */
  stop(): void;
}

export interface EventStreamsOptions {
  operations: Operations;
  live: LiveOperations;
  /** How often a quiet stream says that it is there. Default 12 s. */
  keepAliveMs?: number;
  /** A client with more unread than that is dropped. Default 1 MiB. */
  maximumUnsentBytes?: number;
}

const longestTimerMs = 2_147_483_647;

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { operations, live, keepAliveMs = 12_000, maximumUnsentBytes = 1_048_576 } = options;
  const streams = new Set<ServerResponse>();

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
      begin(response);
      streams.add(response);
      let stop: () => void = () => undefined;
      const write = (text: string) => {
        if (response.writableLength > maximumUnsentBytes) response.destroy();
        else if (!response.writableEnded) response.write(text);
      };
      const next = (result: string) => write(`event: next\ndata: ${result}\n\n`);
      const complete = () => {
        write('event: complete\ndata:\n\n');
        response.end();
      };
      const fail = (errors: readonly GraphQLFormattedError[]) => {
        next(JSON.stringify({ errors }));
        complete();
      };
      const keepAlive = setInterval(() => write(':\n\n'), keepAliveMs);
      const { expiresAt } = prepared.request.context.session;
      const expiry = Number.isFinite(expiresAt)
        ? setTimeout(
            () => fail([unauthenticated('The access token has expired. Get a new one and subscribe again.')]),
            Math.min(Math.max(expiresAt - Date.now(), 0), longestTimerMs),
          )
        : undefined;
      response.once('close', () => {
        clearInterval(keepAlive);
        clearTimeout(expiry);
        streams.delete(response);
        stop();
      });
      if (prepared.request.operation.operation === OperationTypeNode.SUBSCRIPTION) {
        stop = live.subscribe(prepared, { next, fail, complete });
        return;
      }
      void operations.execute(prepared).then((result) => {
        next(JSON.stringify(result));
        complete();
      });
    },
    stop() {
      for (const response of streams) response.end();
    },
  };
}
