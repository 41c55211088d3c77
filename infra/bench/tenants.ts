// How long an operator waits for a page of the list of tenants, through nginx and the gateway, as their number grows:
// each page from the first to the last, so that what gets slow far down the list is seen.
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { z } from 'zod';
import type { Arthemiz } from '../../subgraphs/arthemiz/src/context.ts';
import { definition as arthemiz } from '../../subgraphs/arthemiz/src/definition.ts';
import type { Benchmark } from './benchmark.ts';
import { startQuietPlatform } from './quiet-platform.ts';
import { quantile } from './rounds.ts';

export interface TenantsBenchmarkSize {
  /** How many there are, in ascending order; what is measured of the first stands beside the others. */
  tenants: readonly number[];
  /** How often the list is read from its first page to its last. */
  rounds: number;
}

interface Measured {
  tenants: number;
  pages: number;
  p50Ms: number;
  p95Ms: number;
  longestMs: number;
}

const query = `query ($after: String) {
  tenants(first: 100, after: $after) {
    nodes { id name slug status createdAt region provisioning { status } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const answerShape = z.object({
  errors: z.undefined().optional(),
  data: z.object({
    tenants: z.object({
      nodes: z.array(z.object({ id: z.string() })),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
});
const insertedAtOnce = 500;

export const tenantsBenchmark = (size: TenantsBenchmarkSize): Benchmark => ({
  summary: 'milliseconds for a page of 100 of the list of tenants, as their number grows',
  async run(context) {
    const { progress } = context;
    const platform = await startQuietPlatform(context);
    try {
      const { env, origin } = platform.stack;
      const token = await platform.signIn('operator@platform.test');
      const ask = async (after: string | null) => {
        const response = await fetch(`${origin}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({ query, variables: { after } }),
          signal: AbortSignal.timeout(10_000),
        });
        return answerShape.parse(await response.json()).data.tenants;
      };
      const measured: Measured[] = [];
      for (const count of size.tenants) {
        await progress.task(`${count} tenants`, async () => {
          const copyEnv = { ...env.arthemiz, PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'silent' };
          const copy = await startSubgraph(arthemiz, copyEnv);
          await fillUp(copy.service, count).finally(() => copy.stop());
        });
        measured.push(
          await progress.task(`${size.rounds} times the list of ${count}`, () =>
            measure(count, { rounds: size.rounds, ask }),
          ),
        );
      }
      const [first] = measured;
      return {
        rows: [
          ['tenants', 'pages', 'p50 ms', 'p95 ms', 'longest ms', 'p95, to the first'],
          ...measured.map(({ tenants, pages, p50Ms, p95Ms, longestMs }) => [
            ...[tenants, pages].map(String),
            ...[p50Ms, p95Ms, longestMs].map((value) => value.toFixed(1)),
            `${(p95Ms / (first?.p95Ms ?? Number.NaN)).toFixed(2)}×`,
          ]),
        ],
        figures: { ...size, measured },
      };
    } finally {
      await platform.stop();
    }
  },
});

/** Makes so many that there are `count`, each as its provisioning leaves it. */
async function fillUp({ models }: Arthemiz, count: number): Promise<void> {
  let there = await models.Tenant.countDocuments();
  while (there < count) {
    const now = new Date();
    const more = Array.from({ length: Math.min(insertedAtOnce, count - there) }, (_, index) => {
      const slug = `bench-${there + index}`;
      return {
        ...{ slug, name: `Bench ${there + index}`, idempotencyKey: slug, requestDigest: slug },
        ...{ status: 'ACTIVE' as const, createdAt: now },
      };
    });
    await models.Tenant.insertMany(more);
    there += more.length;
  }
}

type Ask = (after: string | null) => Promise<z.infer<typeof answerShape>['data']['tenants']>;

/** The first round warms up and does not count. @throws when the list does not hold each tenant once */
async function measure(tenants: number, { rounds, ask }: { rounds: number; ask: Ask }): Promise<Measured> {
  const taken: number[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const seen = new Set<string>();
    let after: string | null = null;
    for (let isLast = false; !isLast; ) {
      const startedAt = performance.now();
      const { nodes, pageInfo }: Awaited<ReturnType<Ask>> = await ask(after);
      if (round > 0) taken.push(performance.now() - startedAt);
      for (const { id } of nodes) seen.add(id);
      after = pageInfo.endCursor;
      isLast = !pageInfo.hasNextPage;
    }
    if (seen.size !== tenants) throw new Error(`Of ${tenants} tenants the list holds ${seen.size}.`);
  }
  taken.sort((one, other) => one - other);
  return {
    ...{ tenants, pages: taken.length },
    ...{ p50Ms: quantile(taken, 0.5), p95Ms: quantile(taken, 0.95), longestMs: quantile(taken, 1) },
  };
}
