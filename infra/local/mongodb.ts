import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Document, MongoClient, MongoServerError } from 'mongodb';
import { type BackingService, resolveService } from './backing-service.ts';
import { findProgram } from './commands.ts';
import { type Installation, inheritedEnvironment } from './installation.ts';
import { downloadMongod } from './mongod-download.ts';
import { Problem } from './problem.ts';
import { type Launch, ownProgram } from './program.ts';
import { installSecantus } from './secantus.ts';

/** Which server the program is. Their data folders differ, so each has its own. */
interface Engine {
  kind: 'mongod' | 'secantus';
  file: string;
}

/**
 * MongoDB of this installation, always as a one-node replica set (transactions and change streams need one):
 * MONGODB_URI → Docker Compose → mongod of our own (PATH, else downloaded) → the stand-in where that can't be had.
 */
export function mongodb(installation: Installation): Promise<BackingService> {
  const { dataDir, ports, progress } = installation;
  const uri = (port: number) => `mongodb://127.0.0.1:${port}/?directConnection=true`;

  return resolveService({
    name: 'mongodb',
    variable: 'MONGODB_URI',
    installation,
    containerUrl: uri,
    health: demandPrimary,
    async program() {
      const engine = await findEngine(installation);
      const port = await ports.of('mongodb');
      const folder = join(dataDir, 'mongodb', engine.kind);
      const program = ownProgram({
        ...installation,
        name: 'mongodb',
        tell: progress.say,
        startDeadlineMs: 90_000,
        probe: async () => {
          if (engine.kind === 'mongod') await initiateReplicaSet(uri(port), port);
          await demandPrimary(uri(port));
        },
        launch() {
          mkdirSync(folder, { recursive: true });
          return {
            ...engineLaunch({ engine, folder, port }),
            env: inheritedEnvironment(installation.env),
            cwd: folder,
          };
        },
      });
      return { program, url: uri(port), source: engine.file };
    },
  });
}

async function findEngine(installation: Installation): Promise<Engine> {
  const { dataDir, env, progress } = installation;
  const onPath = findProgram(['mongod'], env.PATH);
  if (onPath !== undefined) return { kind: 'mongod', file: onPath };
  // Data that a stand-in wrote stays with it: another engine would begin with nothing.
  const hasData = (kind: Engine['kind']) => existsSync(join(dataDir, 'mongodb', kind));
  const downloaded =
    hasData('secantus') && !hasData('mongod') ? undefined : await downloadMongod(installation);
  if (downloaded !== undefined) return { kind: 'mongod', file: downloaded };
  const standIn = await installSecantus(installation);
  if (standIn === undefined) {
    throw new Problem(
      'MongoDB is missing and could not be downloaded. Install it (https://www.mongodb.com/docs/manual/installation), start Docker, or set MONGODB_URI to a replica set.',
    );
  }
  progress.say('MongoDB: mongod can not be had here, secantusd-rs stands in (for development only).');
  return { kind: 'secantus', file: standIn };
}

function engineLaunch(given: {
  engine: Engine;
  folder: string;
  port: number;
}): Pick<Launch, 'file' | 'args' | 'tie'> {
  const { engine, folder, port } = given;
  if (engine.kind === 'secantus') {
    // Without --sync-on-commit a kill -9 loses acknowledged writes. The log is read as a whole when it opens, and by
    // default it is 2 GB. Its standard input is held open, since a build may end when that closes; 0.6.0b17 does not
    // (measured), so after a starter's kill -9 it is found by the list of processes, as the others are.
    const durable = ['--sync-on-commit', '--log-file-max', '64MB'];
    const args = ['--port', String(port), '--storage-path', folder, '--cache-size', '256M', ...durable];
    return { file: engine.file, args, tie: 'stdin' };
  }
  const args = ['--replSet', 'rs0', '--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', folder];
  return { file: engine.file, args: [...args, '--wiredTigerCacheSizeGB', '0.5'], tie: 'none' };
}

/** Makes a new mongod the one member of its replica set; corrects the member's port when that has changed. */
async function initiateReplicaSet(uri: string, port: number): Promise<void> {
  const host = `127.0.0.1:${port}`;
  await withAdmin(uri, async (command) => {
    try {
      await command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });
    } catch (error) {
      if (!(error instanceof MongoServerError && error.codeName === 'AlreadyInitialized')) throw error;
      const { config } = await command({ replSetGetConfig: 1 });
      if (config.members[0].host === host) return;
      const members = [{ ...config.members[0], host }];
      await command({ replSetReconfig: { ...config, version: config.version + 1, members }, force: true });
    }
  });
}

/** Rejects where it isn't a writable primary within two seconds. */
function demandPrimary(uri: string): Promise<void> {
  return withAdmin(uri, async (command) => {
    const hello = await command({ hello: 1 });
    if (hello.isWritablePrimary !== true) throw new Error('MongoDB has no primary yet');
    if (hello.setName === undefined) {
      throw new Error('MongoDB is not a replica set, so it has no transactions: start mongod with --replSet');
    }
  });
}

type AdminCommand = (command: Document) => Promise<Document>;

async function withAdmin(uri: string, work: (command: AdminCommand) => Promise<void>): Promise<void> {
  const client = new MongoClient(uri, {
    serverSelectionTimeoutMS: 2000,
    connectTimeoutMS: 2000,
    socketTimeoutMS: 5000,
  });
  try {
    await client.connect();
    await work((command) => client.db('admin').command(command));
  } finally {
    await client.close();
  }
}
