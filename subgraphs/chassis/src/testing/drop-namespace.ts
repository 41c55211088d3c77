// For tests only: removes what a namespace left in the backing services.
import { Redis } from 'ioredis';
import mongoose from 'mongoose';
import { Connection } from 'rabbitmq-client';
import { questionQueueOf, topologyOf } from '../topology.ts';

export interface NamespaceOptions {
  namespace: string;
  /** Services that have queues and perhaps no database. */
  services?: readonly string[];
  MONGODB_URI: string;
  REDIS_URL: string;
  AMQP_URL: string;
}

/** Drops all databases of the namespace, the queues of their services, the exchange and the Redis keys. */
export async function dropNamespace({
  namespace,
  services: named = [],
  MONGODB_URI,
  REDIS_URL,
  AMQP_URL,
}: NamespaceOptions): Promise<void> {
  const services = [...new Set([...named, ...(await dropDatabases(namespace, MONGODB_URI))])];
  await Promise.all([dropQueues({ namespace, services, url: AMQP_URL }), dropKeys(namespace, REDIS_URL)]);
}

async function dropDatabases(namespace: string, uri: string): Promise<string[]> {
  const connection = await mongoose.createConnection(uri).asPromise();
  try {
    const { databases } = await connection.listDatabases();
    const names = databases.map(({ name }) => name).filter((name) => name.startsWith(`${namespace}_`));
    for (const name of names) await connection.getClient().db(name).dropDatabase();
    return names.map((name) => name.slice(namespace.length + 1));
  } finally {
    await connection.close();
  }
}

async function dropQueues({
  namespace,
  services,
  url,
}: {
  namespace: string;
  services: string[];
  url: string;
}) {
  const connection = new Connection({ url, retryLow: 50 });
  try {
    for (const service of services) {
      const { queues, exchange } = topologyOf({ namespace, service });
      for (const { queue } of queues) await connection.queueDelete({ queue });
      await connection.queueDelete({ queue: questionQueueOf({ namespace, service }).queue });
      await connection.exchangeDelete({ exchange: exchange.exchange });
    }
  } finally {
    await connection.close();
  }
}

async function dropKeys(namespace: string, url: string): Promise<void> {
  const redis = new Redis(url);
  try {
    for await (const keys of redis.scanStream({ match: `${namespace}:*`, count: 1_000 })) {
      if (keys.length > 0) await redis.unlink(...keys);
    }
  } finally {
    redis.disconnect();
  }
}
