// Measures objectives: what is left of each budget, and how fast it burns. One that burns is measured ten times as often.
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { requestEvaluation } from '../alerts/requesting.ts';
import type { SystemHealth } from '../context.ts';
import { countedFor, settledAt } from './counts.ts';
import { type ErrorBudgetChanged, errorBudgetChangedTopic } from './live.ts';
import type { SloRow, StandingRow } from './model.ts';
import { floorTo, periodAt, type SloWindow } from './periods.ts';
import { type BurnRate, budgetOf, burnKinds, burnWindows, judge, verdictOfKind } from './rules.ts';
import { grantCredit } from './sla.ts';

const mostAtOnce = 200;
const atOnce = 8;
/** How much less often what does not burn is measured. */
const calmFactor = 10;
const minuteMs = 60_000;

/** One in each region, so that a region that is away holds up its own alone. */
export function createBudgetMeasuring(service: SystemHealth): Worker {
  const polls = service.regions.map(({ name: region }) =>
    createPolling({
      name: `error budgets ${region}`,
      pauseMs: service.config.SLO_MEASURE_MS / 2,
      look: () => acrossTenants('measuring error budgets', () => measureDue(service), { region }),
      onFailure: (err) => service.logger.warn({ err }, 'error budgets could not be measured; trying again'),
    }),
  );
  return {
    name: 'error budgets',
    async start() {
      for (const poll of polls) await poll.start();
    },
    async stop() {
      await Promise.all(polls.map((poll) => poll.stop()));
    },
  };
}

async function measureDue(service: SystemHealth): Promise<void> {
  const due = await service.models.Slo.find({ measureAt: { $lte: new Date() } })
    .sort({ measureAt: 1 })
    .limit(mostAtOnce)
    .lean<SloRow[]>();
  const measureNext = async (): Promise<void> => {
    for (let slo = due.shift(); slo !== undefined; slo = due.shift()) {
      const { _id: sloId, tenantId } = slo;
      await measure(service, slo).catch((error: unknown) =>
        service.logger.warn({ err: error, sloId, tenantId }, 'an error budget could not be measured'),
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, measureNext));
}

async function measure(service: SystemHealth, slo: SloRow): Promise<void> {
  const { models, config } = service;
  const calmMs = config.SLO_MEASURE_MS * calmFactor;
  // Of two copies that see it due, one moves it on.
  const claimed = await models.Slo.updateOne(
    { _id: slo._id, measureAt: slo.measureAt },
    { $set: { measureAt: new Date(Date.now() + calmMs) } },
  );
  if (claimed.modifiedCount === 0) return;
  await inTenant(slo.tenantId, async () => {
    const now = Date.now();
    const standing = await standingAt(service, slo, now);
    const isBurning = standing.burnRates.some(({ shortRate }) => shortRate !== null && (shortRate ?? 0) >= 1);
    const measureAt = new Date(now + (isBurning ? config.SLO_MEASURE_MS : calmMs));
    await store(service, slo, { standing, measureAt });
    if (slo.builtIn) await grantCredit(service, now);
  });
}

/** What is to be said of an objective at a moment. */
export async function standingAt(service: SystemHealth, slo: SloRow, now: number): Promise<StandingRow> {
  const grain = slo.slices?.sliceMs ?? minuteMs;
  const period = periodAt(slo.window as SloWindow, now, grain); // written by create and update alone, from a SloWindow
  const begins = (lengthMs: number) => floorTo(now - lengthMs, grain);
  const startsAt = [
    period.startsAt,
    ...burnWindows.flatMap(({ longMs, shortMs }) => [begins(longMs), begins(shortMs)]),
  ];
  const counted = await countedFor(service, slo, { now, startsAt, earliest: Math.min(...startsAt) });
  const { good, total, minutes } = counted.since(period.startsAt);
  const { target } = slo;
  const passedMinutes = Math.max(1, Math.ceil((now - period.startsAt) / minuteMs));
  const burnRates: BurnRate[] = burnWindows.map((windows) => {
    const long = counted.since(begins(windows.longMs));
    return judge(windows, { long, short: counted.since(begins(windows.shortMs)), target });
  });
  return {
    measuredAt: new Date(now),
    ...{ startsAt: new Date(period.startsAt), endsAt: new Date(period.endsAt), good, total },
    ...budgetOf({ good, total }, target),
    knownRatio: Math.min(1, minutes / passedMinutes),
    burnRates,
  };
}

interface Measured {
  standing: StandingRow;
  measureAt: Date;
}

/** What people are told of is stored in the same transaction. */
async function store(service: SystemHealth, slo: SloRow, { standing, measureAt }: Measured): Promise<void> {
  const { Slo } = service.models;
  const isExhausted = standing.consumed !== null && (standing.consumed ?? 0) >= 1;
  const before = slo.standing ?? null;
  const isNews =
    before === null || burnKinds.some((kind) => verdictsOf(before, kind) !== verdictsOf(standing, kind));
  const update = {
    ...{ standing, measureAt, isExhausted },
    settledUntil: settledAt(standing.measuredAt.getTime()),
  };
  const filter = {
    _id: slo._id,
    document: slo.document,
    $or: [{ standing: null }, { 'standing.measuredAt': { $lt: standing.measuredAt } }],
  };
  await service.transaction(async ({ emit, push }) => {
    const { matchedCount } = await Slo.updateOne(filter, { $set: update });
    if (matchedCount === 0) return;
    if (isNews) await requestEvaluation(service);
    if (isExhausted && !slo.isExhausted) {
      await emit('systemhealth.error-budget.exhausted.v1', {
        subject: slo._id,
        data: {
          ...{ sloId: slo._id, name: slo.name, serviceId: slo.serviceId, target: slo.target },
          ...{ good: standing.good, total: standing.total, consumed: standing.consumed ?? 1 },
          ...{ periodStartsAt: standing.startsAt.toISOString(), notes: notesReached(slo, standing) },
        },
      });
    }
    const hasChanged = isNews || before?.good !== standing.good || before?.total !== standing.total;
    if (hasChanged) push(errorBudgetChangedTopic, { sloId: slo._id } satisfies ErrorBudgetChanged);
  });
}

const verdictsOf = ({ burnRates }: StandingRow, kind: 'PAGE' | 'TICKET') => verdictOfKind(burnRates, kind);

/** What the budget policy says is done by now. */
export function notesReached(
  { policy }: Pick<SloRow, 'policy'>,
  { consumed }: Pick<StandingRow, 'consumed'>,
) {
  return policy.filter(({ consumedRatio }) => (consumed ?? 0) >= consumedRatio).map(({ note }) => note);
}
