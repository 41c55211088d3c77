// What runs found, kept as series and counted. The checks' states are recorded by then, so that what can't be kept is a gap in
// a chart and nothing more.
import { Batches } from '@supergraph/chassis/batches';
import { Places } from '@supergraph/chassis/places';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { resultOf } from '../checks/model.ts';
import type { SystemHealth } from '../context.ts';
import { measuredBy } from '../metrics/check-samples.ts';
import { sampleStoreOf } from '../metrics/storing.ts';
import { pushRuns } from '../results/live.ts';
import { type CountedRuns, createCounter } from '../slos/counting.ts';

/** Runs whose results are kept at once: a few times as many as end within the time that it takes. */
const mostTogether = 1_000;

/** Keeps the runs of one check; those that end meanwhile are kept together, whosever they are. Never fails. */
export function createKeeper(service: SystemHealth): (runs: CountedRuns) => Promise<void> {
  const count = createCounter(service);
  const batches = new Batches<CountedRuns, void>({
    async attempt(runs) {
      await acrossTenants('keeping results of checks', () => keep(service, { runs, count }));
      return runs.map(() => undefined);
    },
    isOutage: () => true,
    ...{ most: mostTogether, places: new Places(1) },
  });
  return (runs) => batches.take('all', runs);
}

interface Keeping {
  readonly runs: readonly CountedRuns[];
  readonly count: ReturnType<typeof createCounter>;
}

async function keep(service: SystemHealth, { runs, count }: Keeping): Promise<void> {
  const { models, logger } = service;
  const found = runs.flatMap(({ check, observations }) => observations.map((each) => ({ check, each })));
  if (found.length === 0) return;
  void pushRuns(
    service,
    found.map(({ check, each: { at, isSuccess, latencyMs, message, isDegraded = false } }) => ({
      ...{ tenantId: check.tenantId, checkId: check._id, serviceId: check.serviceId },
      ...{ at, isSuccess, latencyMs, message, isDegraded },
    })),
  );
  const rows = found.map(({ check, each }) => ({
    ...resultOf(each),
    meta: { tenantId: check.tenantId, checkId: check._id },
  }));
  await Promise.all([
    sampleStoreOf(service).storeAll(found.flatMap(({ check, each }) => measuredBy(check, each))),
    count(runs),
    models.Result.insertMany(rows, { lean: true, ordered: false }).catch((error: unknown) =>
      logger.warn({ err: error, samples: rows.length }, 'results of checks could not be kept'),
    ),
  ]);
}
