// From a document to what is stored: what it names is looked up among the tenant's services and checks.
import type { SystemHealth } from '../context.ts';
import { readDocument } from './document.ts';

type Models = SystemHealth['models'];

function problem(path: string, message: string) {
  const field = path === '' ? 'document' : `document.${path}`;
  return { __typename: 'InvalidHealthInput' as const, field, message };
}

/** What of an objective comes from its document, or what is wrong with that. */
export async function planOf(models: Models, document: string) {
  const { objective, problems } = readDocument(document);
  if (problems !== null) {
    return { plan: null, errors: problems.map(({ path, message }) => problem(path, message)) };
  }
  const { indicator, service: named, ...rest } = objective;
  const service = await serviceNamed(models, named);
  if (typeof service === 'string') return { plan: null, errors: [problem('spec.service', service)] };
  const planned = { ...rest, document, serviceId: service._id };
  if (indicator.kind === 'METRICS') {
    const { kind, ...metrics } = indicator;
    const stored = { kind, metrics, checkId: null, serviceId: service._id, latencyMs: null };
    return { plan: { ...planned, indicator: stored }, errors: [] };
  }
  const metric = indicator.latencyMs === null ? 'ratioMetric.total' : 'thresholdMetric';
  const at = (field: string) => `spec.indicator.spec.${metric}.metricSource.spec.${field}`;
  const measured = indicator.service === null ? service : await serviceNamed(models, indicator.service);
  if (typeof measured === 'string') return { plan: null, errors: [problem(at('service'), measured)] };
  const check = indicator.check === null ? null : await checkNamed(models, indicator.check, service._id);
  if (typeof check === 'string') return { plan: null, errors: [problem(at('check'), check)] };
  const { kind, latencyMs } = indicator;
  const stored = { kind, metrics: null, latencyMs, checkId: check?._id ?? null };
  return {
    plan: { ...planned, indicator: { ...stored, serviceId: check?.serviceId ?? measured._id } },
    errors: [],
  };
}

async function serviceNamed({ Service }: Models, named: string) {
  const found = await Service.find({ $or: [{ _id: named }, { name: named }] })
    .limit(2)
    .lean();
  const [service] = found;
  if (service === undefined) return 'is no service’s id or name';
  return found.length === 1 ? service : 'is the name of several services: give the id';
}

async function checkNamed({ Check }: Models, named: string, serviceId: string) {
  const found = await Check.find({ $or: [{ _id: named }, { name: named, serviceId }] })
    .limit(2)
    .lean();
  const [check] = found;
  if (check === undefined) return 'is no check’s id, nor the name of one of the service';
  return found.length === 1 ? check : 'is the name of several checks: give the id';
}

/** Has a service's checks count what the objectives about them ask for. In the transaction of the change. */
export async function askLatencies({ Check, Slo }: Models, serviceId: string): Promise<void> {
  const slos = await Slo.find({
    'indicator.serviceId': serviceId,
    'indicator.latencyMs': { $ne: null },
  }).lean();
  const checks = await Check.find({ serviceId }, { latencyThresholdsMs: 1 }).lean();
  for (const { _id, latencyThresholdsMs: before } of checks) {
    const concerning = slos.filter(({ indicator }) => [null, undefined, _id].includes(indicator.checkId));
    const asked = new Set(concerning.flatMap(({ indicator }) => indicator.latencyMs ?? []));
    const wanted = [...asked].sort((one, other) => one - other);
    if (String(wanted) === String(before ?? [])) continue;
    await Check.updateOne({ _id }, { $set: { latencyThresholdsMs: wanted } });
  }
}
