// What the platform promises each tenant of its own parts: an objective for each part that only the platform writes, a report
// by the month, and a credit for a month that was worse, told once to whoever keeps the ledger. The operators alone decide
// what a month is worth (SLA_CREDIT_TIERS).
import { isDuplicateKey } from '@supergraph/chassis/database';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { SystemHealth } from '../context.ts';
import type { SlaCreditRow } from './credit-model.ts';
import type { SloDayRow } from './day-model.ts';
import { readDocument } from './document.ts';
import type { SloRow } from './model.ts';
import {
  creditOf,
  isSettled,
  type Month,
  monthNamed,
  promiseDocument,
  settledMonth,
  uptimeOf,
} from './sla-rules.ts';

type Promising = Pick<SystemHealth, 'models' | 'config'>;

/** Makes the objective of a part, or brings it up to date. In the tenant's scope and transaction. */
export async function promise(
  { models, config }: Promising,
  part: { slug: string; name: string; serviceId: string },
): Promise<void> {
  const [best] = config.SLA_CREDIT_TIERS;
  if (best === undefined) return;
  const document = promiseDocument({ ...part, target: best.belowRatio });
  const { objective, problems } = readDocument(document);
  if (problems !== null) throw new Error(`A promise is no objective: ${JSON.stringify(problems)}`);
  const { service: serviceId, indicator, ...rest } = objective;
  const settings = { ...rest, document, serviceId, indicator: { kind: indicator.kind, serviceId } };
  const { matchedCount } = await models.Slo.updateOne({ builtIn: part.slug }, { $set: settings });
  if (matchedCount > 0) return;
  const now = new Date();
  await models.Slo.create([{ ...settings, builtIn: part.slug, policy: [], createdAt: now, measureAt: now }]);
}

/** In the tenant's scope. */
export async function slaReport(service: SystemHealth, name: string) {
  const month = monthNamed(name);
  const now = Date.now();
  if (month === null || month.startsAt > now) return null;
  const parts = await partsOf(service, month);
  if (parts.length === 0) return null;
  const uptime = Math.min(...parts.map((part) => part.uptime));
  const granted = await service.models.SlaCredit.findOne({ month: name }).lean<SlaCreditRow>();
  return {
    ...{ month: name, isFinal: isSettled(month, now), uptime: granted?.uptime ?? uptime, parts },
    creditBasisPoints: granted?.creditBasisPoints ?? creditOf(uptime, service.config.SLA_CREDIT_TIERS),
    grantedAt: granted && granted.creditBasisPoints > 0 ? granted.grantedAt : null,
  };
}

async function partsOf({ models }: SystemHealth, month: Month) {
  const slos = await models.Slo.find({ builtIn: { $ne: null }, createdAt: { $lt: new Date(month.endsAt) } })
    .sort({ _id: 1 })
    .lean<SloRow[]>();
  const days = await models.SloDay.find({
    sloId: { $in: slos.map(({ _id }) => _id) },
    at: { $gte: new Date(month.startsAt), $lt: new Date(month.endsAt) },
  }).lean<SloDayRow[]>();
  return slos.map(({ _id: sloId, displayName, name }) => {
    const hours = days.filter((day) => day.sloId === sloId).flatMap((day) => Object.values(day.hours ?? {}));
    const badMinutes = hours.reduce((sum, { good, total }) => sum + total - good, 0);
    const knownMinutes = hours.reduce((sum, { minutes }) => sum + minutes, 0);
    return {
      sloId,
      name: displayName ?? name,
      badMinutes,
      knownMinutes,
      uptime: uptimeOf(month, badMinutes),
    };
  });
}

/** For the last month that is over, unless that was done. In the tenant's scope; whoever comes first does it. */
export async function grantCredit(service: SystemHealth, now: number): Promise<void> {
  const { models, config } = service;
  const month = settledMonth(now);
  const _id = `${currentTenant()}:${month.name}`;
  if ((await models.SlaCredit.exists({ _id })) !== null) return;
  const parts = await partsOf(service, month);
  if (parts.length === 0) return;
  const uptime = Math.min(...parts.map((part) => part.uptime));
  const creditBasisPoints = creditOf(uptime, config.SLA_CREDIT_TIERS);
  const credit = { month: month.name, uptime, creditBasisPoints };
  const grant = () =>
    service.transaction(async ({ emit }) => {
      await models.SlaCredit.create([{ ...credit, _id, grantedAt: new Date(now) }]);
      if (creditBasisPoints > 0)
        await emit('systemhealth.sla-credit.granted.v1', {
          subject: _id,
          data: { creditId: _id, ...credit },
        });
    });
  await grant().catch((error: unknown) => {
    if (!isDuplicateKey(error)) throw error;
  });
}
