// MongoDB answers when a server takes a command and says that it can write. What it tells of itself beside that depends
// on what the user may ask: clusterMonitor for all of it.

import { isIP } from 'node:net';
import { unlessAborted } from '@supergraph/chassis/deadline';
import mongoose from 'mongoose';
import { z } from 'zod';
import { keepConnection } from './connection.ts';
import { ProbeFailure } from './failures.ts';
import type { Measurement } from './measurement.ts';
import type { Answer, Probe } from './probe.ts';
import { credentialsOf, reach, type Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

type MongoClient = mongoose.mongo.MongoClient;

interface Opened {
  readonly client: MongoClient;
  /** Aborted once each server was tried in vain; the driver itself would go on trying to the deadline. */
  readonly failure: AbortSignal;
}

const options: mongoose.mongo.MongoClientOptions = {
  appName: 'systemhealth-probe',
  maxPoolSize: 1,
  retryReads: false,
  // One connection less: nothing here waits for news of the topology.
  serverMonitoringMode: 'poll',
};

/** `url` is a MongoDB connection string of a part of the platform, credentials and options included. */
export function mongodbProbe(url: string): Probe {
  return keepConnection<Opened>({
    open: () => watched(new mongoose.mongo.MongoClient(url, options)),
    ask: async ({ client, failure }) => {
      const measurements = await unlessAborted(measured(client, { isWritable: true }), failure);
      return { message: null, measurements };
    },
    close: ({ client }) => client.close(),
  });
}

/**
 * Asks a tenant's server over new connections each time: the one that its URL names, and no other that it tells of. Of the
 * URL's options `authSource` and `tls` are taken.
 */
export function guardedMongodbProbe(target: Target, settings: SettingsOf<'MONGODB'>): Probe {
  return {
    async ask(signal) {
      const { searchParams } = new URL(target.url);
      const { address, family, port, name } = await reach(target, 27_017);
      const { username, password } = credentialsOf(target.url);
      const isTls = searchParams.get('tls') === 'true';
      const host = family === 6 ? `[${address}]` : address;
      const { client, failure } = watched(
        new mongoose.mongo.MongoClient(`mongodb://${host}:${port}/`, {
          ...{ ...options, directConnection: true, tls: isTls },
          ...(username && {
            auth: { username, password },
            authSource: searchParams.get('authSource') ?? 'admin',
          }),
          ...(isTls && name !== null && isIP(name) === 0 && { servername: name }),
        }),
      );
      try {
        const asked = unlessAborted(measured(client, { isWritable: false }), failure);
        return judge(await unlessAborted(asked, signal), settings);
      } finally {
        await client.close();
      }
    },
    close: async () => undefined,
  };
}

function watched(client: MongoClient): Opened {
  const failure = new AbortController();
  const failed = new Set<string>();
  client.on('serverHeartbeatFailed', ({ connectionId, failure: reason }) => {
    failed.add(connectionId);
    if (failed.size >= client.options.hosts.length) failure.abort(reason);
  });
  client.on('serverHeartbeatSucceeded', ({ connectionId }) => failed.delete(connectionId));
  return { client, failure: failure.signal };
}

const connections = z.object({ connections: z.object({ current: z.number(), available: z.number() }) });

/** https://www.mongodb.com/docs/manual/reference/command/replSetGetStatus/ */
const replicas = z.object({
  members: z.array(
    z.object({
      name: z.string(),
      state: z.number(),
      health: z.number().default(1),
      optimeDate: z.date().optional(),
    }),
  ),
});

/** Reads while the server is a primary or, where it need not take writes, a secondary. */
async function measured(
  client: MongoClient,
  { isWritable }: { isWritable: boolean },
): Promise<Measurement[]> {
  const admin = client.db('admin');
  const { isWritablePrimary, secondary } = await admin.command({ hello: 1 });
  if (isWritablePrimary !== true && (isWritable || secondary !== true))
    throw new ProbeFailure(isWritable ? 'no writable primary' : 'neither primary nor secondary');
  const [server, set] = [
    connections.safeParse(await allowed(admin.command({ serverStatus: 1, repl: 0, metrics: 0, locks: 0 })))
      .data,
    replicas.safeParse(await allowed(admin.command({ replSetGetStatus: 1 }))).data,
  ];
  return [
    ...(server
      ? [
          { metric: 'mongodb_connections_current', value: server.connections.current },
          { metric: 'mongodb_connections_available', value: server.connections.available },
        ]
      : []),
    ...(set ? ofReplicas(set) : []),
  ];
}

/** What the user may not ask, or a deployment doesn't know, is not measured. */
async function allowed(answer: Promise<object>): Promise<object | null> {
  const unavailable = new Set([13, 59, 76, 94]); // Unauthorized, CommandNotFound, NoReplicationEnabled, NotYetInitialized
  return answer.catch((error: unknown) => {
    if (unavailable.has(Number(Reflect.get(Object(error), 'code')))) return null;
    throw error;
  });
}

const primary = 1;
const secondary = 2;
/** Whose state is neither and yet as it should be: an arbiter. */
const arbiter = 7;

function ofReplicas({ members }: z.infer<typeof replicas>): Measurement[] {
  const head = members.find(({ state }) => state === primary)?.optimeDate?.getTime();
  const lags = members.flatMap(({ name, state, optimeDate }) =>
    state === secondary && head !== undefined && optimeDate !== undefined
      ? [
          {
            metric: 'mongodb_replication_lag_seconds',
            value: Math.max(0, (head - optimeDate.getTime()) / 1_000),
            labels: { member: name },
          },
        ]
      : [],
  );
  const well = members.filter(
    ({ state, health }) => health === 1 && [primary, secondary, arbiter].includes(state),
  );
  return [
    { metric: 'mongodb_replica_members', value: members.length },
    { metric: 'mongodb_replica_members_healthy', value: well.length },
    ...lags,
  ];
}

function judge(measurements: readonly Measurement[], settings: SettingsOf<'MONGODB'>): Answer {
  const values = (metric: string) =>
    measurements.filter((each) => each.metric === metric).map(({ value }) => value);
  const failed = (what: string) => new ProbeFailure(what, measurements);
  const [members = 0] = values('mongodb_replica_members');
  const [healthy = members] = values('mongodb_replica_members_healthy');
  if (healthy < members) throw failed(`${members - healthy} of ${members} members are not well`);
  const lag = Math.max(0, ...values('mongodb_replication_lag_seconds'));
  const { maximumLagSeconds, maximumConnectionsRatio } = settings;
  if (maximumLagSeconds !== null && lag > maximumLagSeconds)
    throw failed(`replication lags by ${lag} s, more than ${maximumLagSeconds} s`);
  const [current] = values('mongodb_connections_current');
  const [available] = values('mongodb_connections_available');
  if (maximumConnectionsRatio === null) return { message: null, measurements };
  if (current === undefined || available === undefined) throw failed('may not ask for the connections');
  const used = current / (current + available);
  if (used > maximumConnectionsRatio)
    throw failed(`connections ratio ${used.toFixed(3)} is above ${maximumConnectionsRatio}`);
  return { message: null, measurements };
}
