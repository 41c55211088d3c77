// MongoDB answers when a server takes a command and says that it can write.

import { unlessAborted } from '@supergraph/chassis/deadline';
import mongoose from 'mongoose';
import { keepConnection } from './connection.ts';
import { ProbeFailure } from './failures.ts';
import type { Probe } from './probe.ts';

interface Opened {
  readonly client: mongoose.mongo.MongoClient;
  /** Aborted once each server was tried in vain; the driver itself would go on trying to the deadline. */
  readonly failure: AbortSignal;
}

/** `url` is a MongoDB connection string, credentials and options included. */
export function mongodbProbe(url: string): Probe {
  return keepConnection<Opened>({
    open: () => {
      const client = new mongoose.mongo.MongoClient(url, {
        appName: 'systemhealth-probe',
        maxPoolSize: 1,
        retryReads: false,
        // One connection less: nothing here waits for news of the topology.
        serverMonitoringMode: 'poll',
      });
      const failure = new AbortController();
      const failed = new Set<string>();
      client.on('serverHeartbeatFailed', ({ connectionId, failure: reason }) => {
        failed.add(connectionId);
        if (failed.size >= client.options.hosts.length) failure.abort(reason);
      });
      client.on('serverHeartbeatSucceeded', ({ connectionId }) => failed.delete(connectionId));
      return { client, failure: failure.signal };
    },
    ask: async ({ client, failure }) => {
      const { isWritablePrimary } = await unlessAborted(client.db('admin').command({ hello: 1 }), failure);
      if (isWritablePrimary !== true) throw new ProbeFailure('no writable primary');
      return { message: null };
    },
    close: ({ client }) => client.close(),
  });
}
