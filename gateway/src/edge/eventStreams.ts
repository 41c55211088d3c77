// GraphQL over Server-Sent Events, "distinct connections mode": one request, one operation, one stream.
import type { ServerResponse } from 'node:http';
import { rateLimited, serviceUnavailable, unauthenticated } from '@supergraph/chassis/errors';
import type { Logger } from '@supergraph/chassis/logging';
import { maskError } from '@supergraph/chassis/masking';
import { type GraphQLFormattedError, OperationTypeNode } from 'graphql';
import { onExpiry } from '../authentication/expiry.ts';
import { Cancellation } from '../execution/resilience/cancellation.ts';
import type { ViewerLimits } from '../limits/viewerLimits.ts';
import type { Operations, PreparedOperation } from '../operations.ts';
import type { LiveEvent } from '../subscriptions/liveEvent.ts';
import type { LiveOperations, LiveSubscription } from '../subscriptions/liveOperations.ts';
import type { Flusher } from './flusher.ts';
import { mediaTypes } from './mediaTypes.ts';
import { Outbox } from './outbox.ts';
import type { Resumption } from './resumption.ts';
import { retryAfterMs } from './retrying.ts';

export interface EventStreams {
  /**
   * Answers with the results of a prepared operation, as they come, until it ends or somebody leaves.
   * @throws PlatformError before the stream has begun
   */
  open(prepared: PreparedOperation, response: ServerResponse, resumption?: Resumption): void;
  /** Ends all subscriptions; queries are still answered. Clients see no `complete` and connect again. */
  stop(): void;
}

export interface EventStreamsOptions {
  operations: Operations;
  live: LiveOperations;
  logger: Logger;
  /** Shared by all clients. */
  flusher: Flusher;
  viewerLimits: ViewerLimits;
  /** How often a quiet stream says that it is there. Default 12 s. */
  keepAliveMs?: number;
  /** A client with more unread than that is dropped. Default 1 MiB. */
  maximumUnsentBytes?: number;
}

/** How long a client may take to read the end of its stream. */
const lingeringMs = 10_000;

export function createEventStreams(options: EventStreamsOptions): EventStreams {
  const { operations, live, logger, flusher, viewerLimits } = options;
  const { keepAliveMs = 12_000, maximumUnsentBytes = 1_048_576 } = options;
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

  /** What both have in common: a stream that stands until it is told its end, or its client leaves. */
  function stand(response: ServerResponse, onEnd: () => void) {
    begin(response);
    const write = (text: string) => {
      if (response.writableLength > maximumUnsentBytes) response.destroy();
      else if (!response.writableEnded) response.write(text);
    };
    const leave = () => {
      clearInterval(keepAlive);
      response.off('close', leave);
      onEnd();
    };
    const complete = () => {
      write('event: complete\ndata:\n\n');
      end(response);
      leave();
    };
    const fail = (errors: readonly GraphQLFormattedError[]) => {
      write(`event: next\ndata: ${JSON.stringify({ errors })}\n\n`);
      complete();
    };
    const keepAlive = setInterval(() => write(':\n\n'), keepAliveMs);
    response.once('close', leave);
    return { write, complete, fail, broken: (error: unknown) => fail([maskError(error, logger)]) };
  }

  function answer(prepared: PreparedOperation, response: ServerResponse): void {
    if (response.destroyed) return;
    const gone = new Cancellation();
    const { write, complete, broken } = stand(response, () => gone.cancel());
    const tell = (result: string) => write(`event: next\ndata: ${result}\n\n`);
    const answered = prepared.compiled.isDeferred
      ? operations.executeInParts(prepared, { tell, gone })
      : operations.execute(prepared, gone).then(tell);
    answered.then(complete, broken);
  }

  function follow(prepared: PreparedOperation, response: ServerResponse, resumption?: Resumption): void {
    const { context } = prepared.request;
    if (isStopping) throw serviceUnavailable('The service restarts. Subscribe again.');
    // Who left while the token was verified has had its `close` already.
    if (response.destroyed) return;
    const place = viewerLimits.enter(context.session, context.ipAddress);
    if (!place?.subscribe()) {
      place?.leave();
      throw rateLimited('You have as many subscriptions open as one viewer may. End some first.');
    }
    let subscription: LiveSubscription | undefined;
    let isOver = false;
    const { write, complete, fail, broken } = stand(response, () => {
      isOver = true;
      forgetExpiry();
      forgetChange();
      subscriptions.delete(response);
      outbox.clear();
      subscription?.end();
      place.unsubscribe();
      place.leave();
    });
    const outbox = new Outbox({
      target: {
        write(frames) {
          if (response.writableEnded) return;
          response.cork();
          for (const { head, end: data } of frames) {
            response.write(head);
            response.write(data);
          }
          response.uncork();
        },
        whenDrained: (then) => void response.once('drain', then),
        get unsentBytes() {
          return response.writableLength;
        },
      },
      flusher,
      limitBytes: maximumUnsentBytes,
      tooSlow: () => void response.destroy(),
    });
    const finish = (tell: () => void) => {
      outbox.flush();
      tell();
    };
    const forgetExpiry = onExpiry(context.session, () => finish(() => fail([expired])));
    const forgetChange = context.session.onChange((next) => {
      const { refusal } = next;
      if (refusal) finish(() => fail([refusal.toJSON()]));
      else subscription?.reauthorize(next);
    });
    const send = (event: LiveEvent) => {
      const id = event.cursor === undefined ? '' : `id: ${event.cursor}\n`;
      outbox.push({ head: `event: next\n${id}data: `, end: event.lines }, event.key);
    };
    subscriptions.add(response);
    try {
      const opened = live.subscribe(
        prepared,
        {
          next: send,
          lost: (event) => {
            if (resumption !== undefined) send(event);
          },
          // An id without data moves a client's place and is no event.
          stands: (cursor) => finish(() => write(`id: ${cursor}\n\n`)),
          fail: (errors) => finish(() => fail(errors)),
          complete: () => finish(complete),
        },
        resumption?.after,
      );
      if (isOver) opened.end();
      else subscription = opened;
    } catch (error) {
      broken(error);
    }
  }

  return {
    open(prepared, response, resumption) {
      const { operation } = prepared.request;
      if (operation.operation === OperationTypeNode.SUBSCRIPTION) follow(prepared, response, resumption);
      else answer(prepared, response);
    },
    stop() {
      isStopping = true;
      const clients = subscriptions.size;
      for (const response of subscriptions) {
        response.write(`retry: ${retryAfterMs(clients)}\n\n`);
        end(response);
      }
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
