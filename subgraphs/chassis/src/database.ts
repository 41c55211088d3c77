// One MongoDB connection and database per service.
import mongoose, { mongo } from 'mongoose';
import type { Logger } from 'pino';
import { traceCommands } from './database-tracing.ts';

// Sessions reach every operation inside a transaction without being passed.
mongoose.set('transactionAsyncLocalStorage', true);

export interface DatabaseOptions {
  /** MONGODB_URI; its own database name is not used. */
  uri: string;
  /** NAMESPACE and the service's name make the database's name: `${namespace}_${service}`. */
  namespace: string;
  service: string;
  /** A region beside the home one; its databases' names end in it, so that two regions may share a server. */
  region?: string | undefined;
  logger: Logger;
  /** How long an operation looks for a reachable server. Default 2,000. */
  serverSelectionTimeoutMs?: number;
  /** Most time that the server may work on one query, update or aggregation that states no other. Default 10,000. */
  operationTimeoutMs?: number;
  /** Whether commands become spans. Default no: the driver spends time on telling of them. */
  isTraced?: boolean;
}

const mostConnections = 20;
/** How long the start keeps trying before it gives up. */
const startTimeoutMs = 60_000;

/**
 * Connects, retrying until MongoDB answers or a minute has passed. Later the driver reconnects by
 * itself: an operation during an outage waits up to `serverSelectionTimeoutMs`, then fails.
 * Writes are acknowledged by a majority's journals, so that none is lost to a killed server.
 */
export async function connectDatabase(options: DatabaseOptions): Promise<mongoose.Connection> {
  const { uri, namespace, service, region, logger, isTraced = false } = options;
  const dbName = region === undefined ? `${namespace}_${service}` : `${namespace}_${service}_${region}`;
  const giveUpAt = performance.now() + startTimeoutMs;
  for (let delayMs = 250; ; delayMs = Math.min(delayMs * 2, 5_000)) {
    const connection = mongoose.createConnection();
    connection.plugin(boundOperations, { timeoutMs: options.operationTimeoutMs ?? 10_000 });
    try {
      await connection.openUri(uri, {
        dbName,
        appName: service,
        monitorCommands: isTraced,
        bufferCommands: false,
        autoCreate: false,
        autoIndex: false,
        minPoolSize: 0,
        maxPoolSize: mostConnections,
        maxConnecting: 4,
        waitQueueTimeoutMS: 5_000,
        connectTimeoutMS: 5_000,
        serverSelectionTimeoutMS: options.serverSelectionTimeoutMs ?? 2_000,
        // An answer that stays out longer than this ends its connection: the server, or the way to it, is gone.
        socketTimeoutMS: 15_000,
        retryReads: true,
        retryWrites: true,
        writeConcern: { w: 'majority', journal: true },
        readConcern: { level: 'majority' },
      });
      watch(connection, logger);
      if (isTraced) traceCommands(connection.getClient());
      return connection;
    } catch (error) {
      await connection.close(true).catch(() => undefined);
      if (performance.now() + delayMs > giveUpAt) {
        const variable = region === undefined ? 'MONGODB_URI' : `MONGODB_URIS, ${region}`;
        throw new Error(`MongoDB (${variable}) did not answer within ${startTimeoutMs} ms.`, {
          cause: error,
        });
      }
      logger.warn({ err: error, retryInMs: delayMs }, 'MongoDB is not reachable yet');
      await new Promise((resolve) => setTimeout(resolve, delayMs));
    }
  }
}

function watch(connection: mongoose.Connection, logger: Logger): void {
  let isOurs = false;
  connection.on('disconnecting', () => {
    isOurs = true;
  });
  connection.on('disconnected', () => {
    if (!isOurs) logger.warn('MongoDB connection lost; the driver reconnects');
  });
  connection.on('reconnected', () => logger.info('MongoDB connection is back'));
  connection.on('error', (error: unknown) => logger.error({ err: error }, 'MongoDB connection error'));
}

/** Creates the collections and indexes of all models. They must exist before a transaction first touches them. */
export async function prepareCollections(connection: mongoose.Connection): Promise<void> {
  for (const model of Object.values(connection.models)) {
    await model.createCollection();
    await model.createIndexes();
  }
}

/** True for a unique index's refusal. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof mongo.MongoServerError && error.code === 11_000;
}

/**
 * A write in a transaction of something that is not there as far as it can see. Where another transaction made it first,
 * this one begins anew and finds it: to the driver that is no conflict, and so no reason to begin again.
 */
export async function orBeginAnew<T>(write: () => PromiseLike<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isDuplicateKey(error)) (error as mongo.MongoServerError).addErrorLabel('TransientTransactionError');
    throw error;
  }
}

const queries = [
  'find',
  'findOne',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
  'countDocuments',
  'distinct',
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
] as const;

/** Gives what a client might wait for a time limit that the server keeps, so that nothing runs on unwatched. */
function boundOperations(schema: mongoose.Schema, { timeoutMs = 10_000 }: { timeoutMs?: number } = {}): void {
  schema.pre([...queries], { query: true, document: false }, function () {
    if (this.getOptions().maxTimeMS === undefined) this.maxTimeMS(timeoutMs);
  });
  schema.pre('aggregate', function () {
    this.options.maxTimeMS ??= timeoutMs;
  });
}
