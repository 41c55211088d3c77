// A client's connection in the graphql-transport-ws protocol, apart from any socket library. Live events arrive as
// bytes that other clients get too, so that nothing is serialized per client.
import type { Logger } from '@supergraph/chassis/logging';
import { CloseCode, type Message, MessageType } from 'graphql-ws';
import type { Authenticate } from '../authentication/authenticate.ts';
import type { Credentials } from '../authentication/credentials.ts';
import type { OperationContext } from '../context.ts';
import type { RateLimits } from '../limits/rateLimits.ts';
import type { ViewerLimits } from '../limits/viewerLimits.ts';
import type { Operations } from '../operations.ts';
import type { PersistedDocuments } from '../persistedDocuments/persistedDocuments.ts';
import type { LiveOperations } from '../subscriptions/liveOperations.ts';
import { credentialsIn, openingOf } from './authorizationPayload.ts';
import { readClientMessage } from './clientMessages.ts';
import { openConnectionOperations } from './connectionOperations.ts';
import { openConnectionSession } from './connectionSession.ts';
import type { Flusher } from './flusher.ts';
import { Outbox, type OutboxTarget } from './outbox.ts';

/** What a connection needs of its socket. */
export interface ClientSocket extends OutboxTarget {
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface Connection {
  receive(text: string): void;
  /** Closes as soon as the queries and mutations that are under way have been answered. */
  drain(reason: { code: number; text: string }): Promise<void>;
  /** To be called when the socket has closed, by whomever. */
  closed(): void;
}

export interface ConnectionOptions {
  socket: ClientSocket;
  operations: Operations;
  persisted: PersistedDocuments;
  live: LiveOperations;
  authenticate: Authenticate;
  /** Of the HTTP request that opened the socket: count where connection_init names none. */
  credentials: Credentials;
  /** The address that it asked, which proofs of possession name. */
  uri: string;
  request: Omit<OperationContext, 'session' | 'admission'>;
  rateLimits: RateLimits;
  logger: Logger;
  /** Shared by all connections. */
  flusher: Flusher;
  viewerLimits: ViewerLimits;
  limits?: Partial<ConnectionLimits>;
}

export interface ConnectionLimits {
  /** How long a client may take to send connection_init. Default 10 s. */
  initialisationMs: number;
  /** Most operations open at once; twice as many may be sent in a burst. Default 1,000. */
  operations: number;
  /** Most operations a second in the long run. Default 50. */
  operationsPerSecond: number;
  /** A client with more unread than that is dropped. Default 1 MiB. */
  unsentBytes: number;
}

const defaults: ConnectionLimits = {
  initialisationMs: 10_000,
  operations: 1_000,
  operationsPerSecond: 50,
  unsentBytes: 1_048_576,
};

/** The protocol has no code of its own for it; clients take this one for a reason to connect again. */
const tooSlow = 4408;

/** What is said to the client. */
export interface Line {
  /** Whether the connection has ended: nothing that is said counts from then on, nor what the client sends. */
  readonly isOver: boolean;
  send(message: object): void;
  /** @param text a message as JSON */
  sendText(text: string): void;
  close(code: number, reason: string): void;
}

export function openConnection(options: ConnectionOptions): Connection {
  const { socket } = options;
  const limits = { ...defaults, ...options.limits };
  let isOver = false;
  const line: Line = {
    get isOver() {
      return isOver;
    },
    send: (message) => line.sendText(JSON.stringify(message)),
    sendText(text) {
      if (isOver) return;
      // What came before goes before.
      outbox.flush();
      if (isOver) return;
      if (socket.unsentBytes > limits.unsentBytes) return dropSlow();
      socket.send(text);
    },
    // A client may take its time to close, or never do.
    close(code, reason) {
      end();
      socket.close(code, reason);
    },
  };
  const dropSlow = () => line.close(tooSlow, `Too slow: more than ${limits.unsentBytes} bytes unread`);
  const outbox = new Outbox({
    target: socket,
    flusher: options.flusher,
    limitBytes: limits.unsentBytes,
    tooSlow: dropSlow,
  });
  const session = openConnectionSession({
    ...options,
    line,
    initialisationMs: limits.initialisationMs,
    onChange: (next) => operations.reauthorize(next),
    countRenewal: () => operations.countAgain(),
  });
  const operations = openConnectionOperations({ ...options, line, outbox, session, limits });

  function end(): void {
    isOver = true;
    operations.end();
    outbox.clear();
    session.end();
  }

  function handle(message: Message) {
    switch (message.type) {
      case MessageType.ConnectionInit:
        return void session.initialise(message.payload);
      case MessageType.Ping: {
        const credentials = credentialsIn(message.payload, openingOf(options));
        if (credentials !== undefined) return void session.renew(credentials);
        return line.send({
          type: MessageType.Pong,
          ...(message.payload ? { payload: message.payload } : {}),
        });
      }
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return operations.subscribe(message.id, message.payload);
      case MessageType.Complete:
        return operations.complete(message.id);
      default:
        return line.close(CloseCode.BadRequest, `Clients don't send "${message.type}"`);
    }
  }

  return {
    receive(text) {
      if (isOver) return;
      let message: Message;
      try {
        message = readClientMessage(text);
      } catch {
        return line.close(CloseCode.BadRequest, 'Invalid message received');
      }
      handle(message);
    },
    async drain({ code, text }) {
      await operations.answered();
      if (!isOver) line.close(code, text);
    },
    closed: end,
  };
}
