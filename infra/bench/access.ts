// How long it takes a gateway to learn what somebody may do now: asked of arthemiz by gRPC as gateways do, when it was
// asked before and after each change, beside an arthemiz without Redis, and the queries of MongoDB alone.
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger } from '@supergraph/chassis/logging';
import { createMetrics } from '@supergraph/chassis/metrics';
import { createOutgoing } from '@supergraph/chassis/outgoing';
import { createPassportMint } from '@supergraph/chassis/passport';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { type Access, openAccess, type Subject } from '../../gateway/src/grants/access.ts';
import { definition as arthemiz } from '../../subgraphs/arthemiz/src/definition.ts';
import { standingsOf } from '../../subgraphs/arthemiz/src/grants/changes.ts';
import { openPorts } from '../local/ports.ts';
import { root } from '../local/private-platform.ts';
import type { Benchmark } from './benchmark.ts';
import { startNode } from './contestants/ours.ts';
import { startQuietPlatform } from './quiet-platform.ts';
import { quantile } from './rounds.ts';

export interface AccessBenchmarkSize {
  /** Members of the tenant, each asked about in turn. */
  members: number;
  /** Questions of each contestant in each round. */
  questions: number;
  rounds: number;
}

interface Contestant {
  title: string;
  /** Before each question; its time does not count. */
  prepare?(): Promise<unknown>;
  ask(subject: Subject): Promise<unknown>;
}

interface Figures {
  title: string;
  p50Ms: number;
  p99Ms: number;
}

export const accessBenchmark = (size: AccessBenchmarkSize): Benchmark => ({
  summary: 'milliseconds until a gateway knows what somebody may do now, by gRPC, warm and cold',
  async run(context) {
    const { progress } = context;
    const platform = await startQuietPlatform({ ...context, apps: [] });
    const stops: (() => unknown)[] = [() => platform.stop()];
    try {
      const { env: envs, dataDir } = platform.stack;
      const folder = join(dataDir, 'bench');
      mkdirSync(folder);
      const ports = openPorts(folder);
      const copy = await startSubgraph(arthemiz, {
        ...envs.arthemiz,
        PORT: '0',
        GRPC_PORT: '0',
        LOG_LEVEL: 'silent',
      });
      stops.push(() => copy.stop());
      const { service } = copy;

      const mintPassport = await createPassportMint({
        privateKey: JSON.parse(envs.gateway.PASSPORT_PRIVATE_KEY ?? ''),
      });
      const startServer = async (name: string, env: Record<string, string>): Promise<Access> => {
        const port = await ports.of(name);
        const grpcPort = await ports.of(`${name}-grpc`);
        const server = startNode({
          ...{ name, imports: ['tsx'], script: join(root, 'subgraphs/arthemiz/src/main.ts'), root, folder },
          env: { ...envs.arthemiz, ...env, PORT: String(port), GRPC_PORT: String(grpcPort) },
        });
        stops.push(() => server.stop());
        await server.until(async () => (await fetch(`http://127.0.0.1:${port}/health/ready`)).status === 200);
        const outgoing = createOutgoing({
          metrics: createMetrics('bench'),
          logger: createLogger({ service: 'bench', level: 'silent' }),
        });
        const access = openAccess({ address: `127.0.0.1:${grpcPort}`, mintPassport, outgoing });
        stops.push(() => access.close());
        return access;
      };
      const [withRedis, withoutRedis] = await progress.task('two of arthemiz', async () => [
        await startServer('with-redis', {}),
        await startServer('without-redis', { REDIS_URL: 'redis://127.0.0.1:9' }),
      ]);

      const tenantId = `ten_${randomBytes(5).toString('hex')}`;
      const subjects = await progress.task(`${size.members} members`, () => members(tenantId, size.members));
      const change = () => service.models.Tenant.updateOne({ _id: tenantId }, { $inc: { grantChanges: 1 } });
      const contestants: Contestant[] = [
        { title: 'gRPC, warm', ask: (subject) => withRedis.standingsOf([subject]) },
        {
          title: 'gRPC, cold: after a change',
          prepare: change,
          ask: (subject) => withRedis.standingsOf([subject]),
        },
        { title: 'gRPC, without Redis', ask: (subject) => withoutRedis.standingsOf([subject]) },
        { title: 'the queries alone, in one process', ask: (subject) => standingsOf(service, [subject]) },
      ];
      const figures = await progress.task(`${size.rounds} rounds`, () =>
        measure(contestants, { subjects, ...size }),
      );
      const ofRedis = figures[0];
      return {
        rows: [
          ['asked', 'p50 ms', 'p99 ms', 'p50, to warm', 'p99, to warm'],
          ...figures.map(({ title, p50Ms, p99Ms }) => [
            title,
            p50Ms.toFixed(2),
            p99Ms.toFixed(2),
            `${(p50Ms / (ofRedis?.p50Ms ?? Number.NaN)).toFixed(2)}×`,
            `${(p99Ms / (ofRedis?.p99Ms ?? Number.NaN)).toFixed(2)}×`,
          ]),
        ],
        figures: { ...size, asked: figures },
      };

      /** People with a role of the tenant, and what they are asked about by. */
      async function members(tenant: string, count: number): Promise<Subject[]> {
        const createdAt = new Date();
        await service.models.Tenant.create([
          {
            _id: tenant,
            name: 'Bench',
            slug: tenant,
            idempotencyKey: tenant,
            requestDigest: tenant,
            createdAt,
          },
        ]);
        return inTenant(tenant, async () => {
          const [role] = await service.models.Role.create([
            { name: 'operator', permissions: ['service:read', 'check:read'], createdAt },
          ]);
          const people = Array.from({ length: count }, (_, index) => `per_${tenant}_${index}`);
          const rows = people.map((personId) => ({ personId, roleIds: [role?._id ?? ''], createdAt }));
          await service.models.Membership.insertMany(rows);
          return people.map((subject) => ({ tenantId: tenant, subject }));
        });
      }
    } finally {
      for (const stop of stops.reverse()) await stop();
    }
  },
});

/** In turn, so that what else the machine does falls on all. The first round of each warms up and does not count. */
async function measure(
  contestants: readonly Contestant[],
  { subjects, questions, rounds }: Omit<AccessBenchmarkSize, 'members'> & { subjects: readonly Subject[] },
): Promise<Figures[]> {
  const times = new Map<Contestant, number[]>(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const contestant of contestants) {
      for (let question = 0; question < questions; question += 1) {
        const subject = subjects[question % subjects.length];
        if (subject === undefined) continue;
        await contestant.prepare?.();
        const startedAt = performance.now();
        await contestant.ask(subject);
        if (round > 0) times.get(contestant)?.push(performance.now() - startedAt);
      }
    }
  }
  return [...times].map(([{ title }, taken]) => {
    taken.sort((a, b) => a - b);
    return { title, p50Ms: quantile(taken, 0.5), p99Ms: quantile(taken, 0.99) };
  });
}
