// Looks up what a status page shows. It is public, so it is looked up once in a few seconds, however many ask; that there is
// no page of an address is remembered, too.
import { setTimeout as sleep } from 'node:timers/promises';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import type { HealthEventRow } from '../checks/event-model.ts';
import { type CheckRow, standingAt } from '../checks/model.ts';
import type { SystemHealth } from '../context.ts';
import type { IncidentEntryRow } from '../incidents/entry-model.ts';
import type { IncidentRow } from '../incidents/model.ts';
import type { StatusPage } from '../schema.generated.ts';
import { combine, worstStatus } from '../services/rules.ts';
import { occurrence } from '../silences/rules.ts';
import type { StatusPageRow } from './model.ts';
import { shownDays, uptimeByDay } from './rules.ts';

const rememberedMs = 5_000;
const gatherMs = 100;
const mostRemembered = 1_000;
const dayMs = 86_400_000;
const mostIncidents = 20;
const mostUpdates = 50;
const mostMaintenance = 20;
const mostChanges = 20_000;

type Looked = Promise<StatusPage | null>;
const remembered = new WeakMap<SystemHealth, Map<string, { until: number; page: Looked }>>();
const planned = new WeakMap<SystemHealth, Map<string, Looked>>();

/** Null when there is no page, or it is off. */
export function lookUp(service: SystemHealth, slug: string): Looked {
  const known = pagesOf(service).get(slug);
  return known && known.until > Date.now() ? known.page : lookAnew(service, slug);
}

/** After a push, which all who watch the page in this process hear at once: they wait a moment and look together. */
export function lookAgain(service: SystemHealth, slug: string): Looked {
  const pages = planned.get(service) ?? new Map<string, Looked>();
  planned.set(service, pages);
  const page =
    pages.get(slug) ??
    sleep(gatherMs).then(() => {
      pages.delete(slug);
      return lookAnew(service, slug);
    });
  pages.set(slug, page);
  return page;
}

function pagesOf(service: SystemHealth) {
  const pages = remembered.get(service) ?? new Map<string, { until: number; page: Looked }>();
  remembered.set(service, pages);
  return pages;
}

function lookAnew(service: SystemHealth, slug: string): Looked {
  const pages = pagesOf(service);
  if (pages.size >= mostRemembered) pages.clear();
  const page = acrossTenants('looking up a public status page', async () => {
    const row = await findPage(service, slug);
    return row === null ? null : inTenant(row.tenantId, () => contentOf(service, row));
  });
  pages.set(slug, { until: Date.now() + rememberedMs, page });
  page.catch(() => pages.delete(slug));
  return page;
}

/** Across tenants. */
export function findPage({ models }: SystemHealth, slug: string): Promise<StatusPageRow | null> {
  return models.StatusPage.findOne({ slug, isOn: true }).lean<StatusPageRow | null>().exec();
}

async function contentOf(service: SystemHealth, page: StatusPageRow): Promise<StatusPage> {
  const { models } = service;
  const now = Date.now();
  const { slug, title, serviceIds } = page;
  const found = await models.Service.find({ _id: { $in: serviceIds } }).lean();
  const shown = serviceIds.flatMap((id) => found.find(({ _id }) => _id === id) ?? []);
  const checks = await models.Check.find({ serviceId: { $in: serviceIds }, isPaused: false }).lean<
    CheckRow[]
  >();
  const events = await models.HealthEvent.find({
    serviceId: { $in: serviceIds },
    occurredAt: { $gte: new Date(now - shownDays * dayMs) },
  })
    .sort({ occurredAt: -1 })
    .limit(mostChanges)
    .lean<HealthEventRow[]>();
  events.reverse();
  const services = shown.map(({ _id, name, createdAt }) => {
    const own = checks.filter(({ serviceId }) => serviceId === _id);
    const standings = own.map((check) => standingAt(check, now));
    const checksNow = own.map(({ _id: checkId }, index) => ({
      ...{ checkId, status: 'UNKNOWN' as const, statusSince: now },
      ...standings[index],
    }));
    const changes = events
      .filter(({ serviceId, checkId }) => serviceId === _id && own.some((check) => check._id === checkId))
      .map(({ checkId, occurredAt, previousStatus, status }) => ({
        ...{ checkId, at: occurredAt.getTime(), previousStatus, status },
      }));
    const { status } = combine(standings, createdAt.getTime());
    return { name, status, ...uptimeByDay({ checks: checksNow, changes }, now) };
  });
  const namesOf = (ids: readonly string[]) =>
    shown.filter(({ _id }) => ids.includes(_id)).map(({ name }) => name);
  return {
    ...{ slug, title, description: page.description ?? null, asOf: new Date(now), services },
    status: worstStatus(services.map(({ status }) => status)),
    incidents: await incidentsOf(service, { now, namesOf }),
    maintenance: await maintenanceOf(service, { now, namesOf, serviceIds }),
  };
}

interface Shown {
  readonly now: number;
  readonly namesOf: (ids: readonly string[]) => string[];
}

async function incidentsOf({ models }: SystemHealth, { now, namesOf }: Shown) {
  const incidents = await models.Incident.find({
    isPublic: true,
    $or: [{ resolvedAt: null }, { resolvedAt: { $gte: new Date(now - 14 * dayMs) } }],
  })
    .sort({ detectedAt: -1, _id: -1 })
    .limit(mostIncidents)
    .lean<IncidentRow[]>();
  const entries = await models.IncidentEntry.find({
    incidentId: { $in: incidents.map(({ _id }) => _id) },
    isPublic: true,
  })
    .sort({ sequence: -1 })
    .lean<IncidentEntryRow[]>();
  return incidents.map(({ _id, title, severity, status, serviceIds, startedAt, resolvedAt }) => ({
    ...{ title, severity, status, startedAt, resolvedAt: resolvedAt ?? null, services: namesOf(serviceIds) },
    updates: entries
      .filter(({ incidentId }) => incidentId === _id)
      .slice(0, mostUpdates)
      .map((entry) => ({
        ...{ occurredAt: entry.occurredAt, message: entry.message ?? '', status: entry.status },
      })),
  }));
}

async function maintenanceOf(
  { models }: SystemHealth,
  { now, namesOf, serviceIds: shown }: Shown & { serviceIds: readonly string[] },
) {
  const windows = await models.MaintenanceWindow.find({
    $or: [{ endsAt: { $gt: new Date(now) } }, { repeatEveryDays: { $ne: null } }],
  }).lean();
  return windows
    .flatMap((window) => {
      const period = occurrence(window, now);
      const services = window.serviceIds.length === 0 ? namesOf(shown) : namesOf(window.serviceIds);
      if (period === null || services.length === 0) return [];
      if (period.startsAt.getTime() > now + 30 * dayMs) return [];
      return [{ name: window.name, startsAt: period.startsAt, endsAt: period.endsAt, services }];
    })
    .sort((one, other) => one.startsAt.getTime() - other.startsAt.getTime())
    .slice(0, mostMaintenance);
}
