// A check: its target, its schedule and what is known of it. The status lives here and not in the results, so
// that one write under the lease keeps status and schedule in step.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { attentiveMs } from '../heartbeats/rules.ts';
import { type CheckKind, checkKinds, presetSettings, type SettingsOf } from '../probes/settings.ts';
import {
  type CheckState,
  missingAfterMs,
  type Observation,
  type Status,
  type StatusPolicy,
} from './rules.ts';

export const statuses = ['UNKNOWN', 'UP', 'DOWN'] as const satisfies readonly Status[];

const streakSchema = new Schema(
  {
    isSuccess: { type: Boolean, required: true },
    since: { type: Date, required: true },
    count: { type: Number, required: true },
  },
  { _id: false },
);

const latestResultSchema = new Schema(
  {
    at: { type: Date, required: true },
    isSuccess: { type: Boolean, required: true },
    latencyMs: { type: Number, required: true },
    message: { type: String, default: null },
    isDegraded: { type: Boolean, default: false },
  },
  { _id: false },
);

const heartbeatSchema = new Schema(
  {
    /** Of the token in its URL; the token itself is kept nowhere. */
    tokenHash: { type: String, required: true },
    /** From when the next call is counted; null before the first. */
    awaitedSince: { type: Date, default: null },
    /** When the program told that it began, until it tells of its end. */
    startedAt: { type: Date, default: null },
  },
  { _id: false },
);

const leaseSchema = new Schema(
  { owner: { type: String, required: true }, token: { type: String, required: true } },
  { _id: false },
);

export const checkSchema = new Schema(
  {
    _id: { type: String, default: () => newId('chk') },
    serviceId: { type: String, required: true, immutable: true },
    name: { type: String, required: true },
    kind: { type: String, enum: checkKinds, required: true },
    /** A tenant's own target; null for a part of the platform, whose URL comes from the environment. */
    target: { type: String, default: null },
    platformSlug: { type: String, default: null },
    /** What is asked and expected: by `settingsOf` of its kind. Null: the kind's presets. */
    settings: { type: Schema.Types.Mixed, default: null },
    /** The target with user name and password, and the values of headers, encrypted; null where there are none. */
    sealed: { type: String, default: null },
    heartbeat: { type: heartbeatSchema, default: null },
    intervalMs: { type: Number, required: true },
    timeoutMs: { type: Number, required: true },
    degradedAfterMs: { type: Number, default: null },
    downAfterMs: { type: Number, required: true },
    upAfterMs: { type: Number, required: true },
    isPaused: { type: Boolean, default: false },
    createdAt: { type: Date, required: true },
    /** Latencies that objectives ask of it: runs within each are counted. */
    latencyThresholdsMs: { type: [{ type: Number, required: true }], default: undefined },

    status: { type: String, enum: statuses, required: true },
    statusSince: { type: Date, required: true },
    streak: { type: streakSchema, default: null },
    latestResult: { type: latestResultSchema, default: null },
    /** From here on the status is UNKNOWN unless another result comes; null while it is. */
    missingAt: { type: Date, default: null },

    /**
     * From here on the check may be claimed: when its next run is due or, while somebody holds its lease, when
     * that lease ends. One field for both, so that claiming is one comparison and a lost lease heals by itself.
     */
    dueAt: { type: Date, required: true },
    /** Who runs it now. Whoever records a run must still hold the token, so a late result is dropped. */
    lease: { type: leaseSchema, default: null },
    /** The token that recorded the latest run, or the mark of the latest change: tells which of a batch were recorded. */
    recordedBy: { type: String, default: null },
  },
  { collection: 'checks', versionKey: false },
);

// The checks of a service, in the order of their making.
checkSchema.index({ tenantId: 1, serviceId: 1, _id: 1 });
// Provisioning twice, or in two copies at once, makes one check.
checkSchema.index(
  { tenantId: 1, platformSlug: 1 },
  { unique: true, partialFilterExpression: { platformSlug: { $type: 'string' } } },
);
// What is due, over all tenants, soonest first; of the platform's parts those that a copy can reach.
checkSchema.index({ isPaused: 1, platformSlug: 1, dueAt: 1 });
// Who records a run under its lease. Whatever has more conditions than an index has fields, the database that stands in for
// MongoDB looks for among all checks.
checkSchema.index({ tenantId: 1, _id: 1, 'lease.token': 1 });
// What has had no result for several intervals, over all tenants.
checkSchema.index({ isPaused: 1, missingAt: 1 });

// The heartbeat that a token belongs to, over all tenants.
checkSchema.index(
  { 'heartbeat.tokenHash': 1 },
  { unique: true, partialFilterExpression: { 'heartbeat.tokenHash': { $type: 'string' } } },
);

/** How many checks a tenant may have. */
export const mostPerTenant = 5_000;

export type CheckRow = Omit<InferSchemaType<typeof checkSchema>, 'settings'> & {
  tenantId: string;
  settings?: unknown;
};

/** What a tenant's check asks and expects; null for a part of the platform. */
export function checkSettings({
  kind,
  settings,
  platformSlug,
}: Pick<CheckRow, 'kind' | 'settings' | 'platformSlug'>): SettingsOf<CheckKind> | null {
  if (platformSlug) return null;
  // It was parsed by the schema of its kind before it was stored.
  return (settings as SettingsOf<CheckKind> | null | undefined) ?? presetSettings(kind);
}

type StoredState = Pick<CheckRow, 'status' | 'statusSince' | 'streak' | 'latestResult'>;

/** The stored state as the rules want it. */
export function stateOf({ status, statusSince, streak, latestResult }: StoredState): CheckState {
  return {
    status,
    statusSince: statusSince.getTime(),
    observedAt: latestResult?.at.getTime() ?? null,
    streak: streak
      ? { isSuccess: streak.isSuccess, since: streak.since.getTime(), count: streak.count }
      : null,
  };
}

/** The state as it is stored. `latest` is the run that it was last observed by. */
export function storedState(state: CheckState, latest: Observation | null, policy: StatusPolicy) {
  const { status, statusSince, streak, observedAt } = state;
  const isKnown = status !== 'UNKNOWN' && observedAt !== null;
  return {
    status,
    statusSince: new Date(statusSince),
    streak: streak && { ...streak, since: new Date(streak.since) },
    missingAt: isKnown ? new Date(observedAt + policy.missingAfterMs) : null,
    ...(latest && { latestResult: resultOf(latest) }),
  };
}

/** A run as it is kept; what it measured is kept as series. */
export function resultOf({ at, isSuccess, latencyMs, message, isDegraded = false }: Observation) {
  return { at: new Date(at), isSuccess, latencyMs, message, isDegraded };
}

/** When this check's results add up to a change. */
export function policyOf(
  check: Pick<CheckRow, 'kind' | 'settings' | 'intervalMs' | 'timeoutMs' | 'downAfterMs' | 'upAfterMs'>,
): StatusPolicy {
  const { kind, downAfterMs, upAfterMs } = check;
  if (kind === 'HEARTBEAT') {
    // What the program tells, or fails to tell in time and grace, is no blip.
    const { periodSeconds, graceSeconds } = check.settings as SettingsOf<'HEARTBEAT'>; // parsed before it was stored
    const awaitedMs = (periodSeconds + graceSeconds) * 1_000;
    return { runs: 1, downAfterMs: 0, upAfterMs: 0, missingAfterMs: awaitedMs + attentiveMs };
  }
  return { downAfterMs, upAfterMs, missingAfterMs: missingAfterMs(check) };
}

/** What may be said of the check at `now`: a status that has outlived its data is UNKNOWN, also before it is stored. */
export function standingAt(
  check: Pick<CheckRow, 'status' | 'statusSince' | 'missingAt' | 'isPaused'>,
  now: number,
) {
  const { status, statusSince, missingAt, isPaused } = check;
  if (!isPaused && missingAt && missingAt.getTime() < now) {
    return { status: 'UNKNOWN' as const, statusSince: missingAt.getTime() };
  }
  return { status, statusSince: statusSince.getTime() };
}
