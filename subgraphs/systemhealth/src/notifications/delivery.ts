// Tells channels what was queued, at whichever copy looks first. A copy that dies while it tells may cause a second
// delivery, under the same id. Nothing is told to fire once it is over: that is looked up before each attempt, and an end
// waits for whatever of its alert is being told.
import { createPolling } from '@supergraph/chassis/polling';
import type { Worker } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { Counter } from 'prom-client';
import type { AlertRow } from '../alerts/model.ts';
import type { SystemHealth } from '../context.ts';
import type { NotificationChannelRow } from './channel-model.ts';
import type { ToldAlert } from './message.ts';
import type { NotificationRow } from './model.ts';
import { mostAttempts, retryDelayMs } from './rules.ts';
import { attemptMs, NotTaken, openSenders, type Senders } from './senders.ts';

/** Longer than an attempt may take: a copy that died with a notification keeps it from the others for that long. */
const leaseMs = 3 * attemptMs;
/** Told at the same time, so that one channel that is slow holds up no other. */
const atOnce = 8;
const mostAtOneLook = 100;
/** Alerts in one message. */
const mostTogether = 100;

export function createNotificationDelivery(service: SystemHealth): Worker {
  const senders = openSenders(service);
  const outcomes = new Counter({
    name: 'systemhealth_notifications_total',
    help: 'Attempts to tell a channel by kind of channel and outcome: delivered, delayed, failed or superseded.',
    labelNames: ['kind', 'outcome'],
    registers: [service.metrics],
  });
  const tellDue = async () => {
    for (let told = 0; told < mostAtOneLook; told += 1) {
      if (!(await tellNext(service, { senders, outcomes }))) return;
    }
  };
  const polls = service.regions.map(({ name: region }) =>
    createPolling({
      name: `notifications ${region}`,
      pauseMs: service.config.ALERT_POLL_MS,
      look: () =>
        acrossTenants('telling of alerts', () => Promise.all(Array.from({ length: atOnce }, tellDue)), {
          region,
        }),
      onFailure: (err) => service.logger.warn({ err }, 'alerts could not be told; trying again'),
    }),
  );
  return {
    name: 'notifications',
    async start() {
      for (const poll of polls) await poll.start();
    },
    async stop() {
      await Promise.all(polls.map((poll) => poll.stop()));
      senders.close();
    },
  };
}

interface Means {
  senders: Senders;
  outcomes: Counter<'kind' | 'outcome'>;
}

/** Whether one was due. */
async function tellNext(service: SystemHealth, means: Means): Promise<boolean> {
  const now = Date.now();
  const leaseEnd = new Date(now + leaseMs);
  const head = await service.models.Notification.findOneAndUpdate(
    { state: 'QUEUED', dueAt: { $lte: new Date(now) } },
    { $set: { dueAt: leaseEnd, inFlightUntil: leaseEnd }, $inc: { attempts: 1 } },
    { sort: { dueAt: 1 }, returnDocument: 'after' },
  ).lean<NotificationRow>();
  if (head === null) return false;
  await inTenant(head.tenantId, () => tellBatch(service, { head, means, leaseEnd }));
  return true;
}

async function tellBatch(
  service: SystemHealth,
  { head, means, leaseEnd }: { head: NotificationRow; means: Means; leaseEnd: Date },
): Promise<void> {
  const { NotificationChannel } = service.models;
  const batch = await gather(service, head, leaseEnd);
  const channel = await NotificationChannel.findOne({ _id: head.channelId }).lean<NotificationChannelRow>();
  const count = (outcome: string, by: number) =>
    means.outcomes.inc({ kind: channel?.kind ?? 'gone', outcome }, by);
  const settle = (
    rows: readonly NotificationRow[],
    state: NotificationRow['state'],
    error: string | null = null,
  ) => settleAll(service, { rows, state, error });
  if (channel === null) return settle(batch, 'FAILED', 'The channel was deleted.');
  const { current, over, alerts, mustWait } = await judge(service, batch);
  if (mustWait) return postpone(service, { batch, head, waitMs: 500, error: head.error ?? null });
  await settle(over, 'SUPERSEDED');
  count('superseded', over.length);
  const isTest = current.some(({ alertId }) => !alertId);
  if (current.length === 0) return;
  try {
    const id = head.batchId ?? head._id;
    const message = { id, alerts: isTest ? [] : toldOf(current, alerts) };
    await means.senders.send(channel, message, head.mailedTo ?? []);
    await settle(current, 'DELIVERED');
    count('delivered', current.length);
  } catch (error) {
    const message = error instanceof NotTaken ? error.message : 'It could not be told.';
    service.logger.warn(
      { err: error, notification: head._id, attempts: head.attempts },
      'a channel was not told',
    );
    const isOver = (error instanceof NotTaken && error.isForGood) || head.attempts >= mostAttempts;
    count(isOver ? 'failed' : 'delayed', current.length);
    if (isOver) return settle(current, 'FAILED', message);
    const waitMs = retryDelayMs(head.attempts, Math.random());
    const taken = error instanceof NotTaken ? error.taken : [];
    await postpone(service, { batch: current, head, waitMs, error: message, taken });
  }
}

/** The head with what is told together with it: at the first attempt whatever is due, later the same. */
async function gather(
  { models }: SystemHealth,
  head: NotificationRow,
  leaseEnd: Date,
): Promise<NotificationRow[]> {
  const { Notification } = models;
  const batchId = head.batchId ?? head._id;
  if (!head.batchId) {
    await Notification.updateOne({ _id: head._id }, { $set: { batchId } });
    const { channelId, groupKey } = head;
    const others = await Notification.find(
      { channelId, groupKey, state: 'QUEUED', batchId: null, dueAt: { $lte: new Date() } },
      { _id: 1 },
    )
      .limit(mostTogether - 1)
      .lean();
    await Notification.updateMany(
      { _id: { $in: others.map(({ _id }) => _id) }, batchId: null, state: 'QUEUED' },
      { $set: { batchId, dueAt: null } },
    );
  }
  await Notification.updateMany({ batchId, state: 'QUEUED' }, { $set: { inFlightUntil: leaseEnd } });
  return Notification.find({ batchId, state: 'QUEUED' })
    .sort({ createdAt: 1, _id: 1 })
    .lean<NotificationRow[]>();
}

interface Judged {
  current: NotificationRow[];
  /** Of what is over, or was told anew since. */
  over: NotificationRow[];
  alerts: ReadonlyMap<string, AlertRow>;
  /** Something of the same alerts is being told to the same channel by another copy. */
  mustWait: boolean;
}

async function judge({ models }: SystemHealth, batch: readonly NotificationRow[]): Promise<Judged> {
  const alertIds = batch.flatMap(({ alertId }) => alertId ?? []);
  const rows = await models.Alert.find({ _id: { $in: alertIds } }).lean<AlertRow[]>();
  const alerts = new Map(rows.map((alert) => [alert._id, alert]));
  const isWorthTelling = ({ alertId, kind }: NotificationRow) => {
    if (!alertId) return true;
    const alert = alerts.get(alertId);
    if (alert === undefined) return false;
    if (kind === 'RESOLVED') return alert.state === 'RESOLVED';
    if (alert.state !== 'FIRING') return false;
    return !(alert.acknowledgement && (kind === 'ESCALATED' || kind === 'REPEATED'));
  };
  const ended = batch.filter(({ kind }) => kind === 'RESOLVED').flatMap(({ alertId }) => alertId ?? []);
  const [first] = batch;
  const earlier =
    first === undefined || ended.length === 0
      ? []
      : await models.Notification.find({
          ...{ channelId: first.channelId, alertId: { $in: ended }, state: 'QUEUED' },
          batchId: { $ne: first.batchId ?? null },
        }).lean<NotificationRow[]>();
  const now = new Date();
  const mustWait = earlier.some(({ inFlightUntil }) => inFlightUntil && inFlightUntil > now);
  const over = [...batch.filter((row) => !isWorthTelling(row)), ...earlier];
  return { current: batch.filter(isWorthTelling), over, alerts, mustWait };
}

function toldOf(rows: readonly NotificationRow[], alerts: ReadonlyMap<string, AlertRow>): ToldAlert[] {
  return rows.flatMap(({ alertId, idempotencyKey, kind }) => {
    const alert = alerts.get(alertId ?? '');
    if (alert === undefined) return [];
    const { _id: id, state, severity, summary, startedAt, firedAt, endedAt } = alert;
    return {
      ...{ id, idempotencyKey, kind: kind ?? 'FIRED', state, severity, summary },
      ...{ message: alert.message ?? null, runbookUrl: alert.runbookUrl ?? null },
      labels: Object.fromEntries(alert.labels.map(({ name, value }) => [name, value])),
      startedAt: startedAt.toISOString(),
      ...{ firedAt: firedAt?.toISOString() ?? null, endedAt: endedAt?.toISOString() ?? null },
    };
  });
}

async function settleAll(
  { models }: SystemHealth,
  {
    rows,
    state,
    error,
  }: { rows: readonly NotificationRow[]; state: NotificationRow['state']; error: string | null },
): Promise<void> {
  if (rows.length === 0) return;
  const ended = { state, error, settledAt: new Date(), dueAt: null, inFlightUntil: null };
  await models.Notification.updateMany(
    { _id: { $in: rows.map(({ _id }) => _id) }, state: 'QUEUED' },
    { $set: ended },
  );
}

interface Postponing {
  batch: readonly NotificationRow[];
  head: NotificationRow;
  waitMs: number;
  error: string | null;
  taken?: readonly string[];
}

/** The first of what is left leads the next attempt. */
async function postpone(
  { models }: SystemHealth,
  { batch, head, waitMs, error, taken = head.mailedTo ?? [] }: Postponing,
): Promise<void> {
  const [first, ...others] = batch;
  if (first === undefined) return;
  const { attempts } = head;
  const both = { error, attempts, inFlightUntil: null, mailedTo: [...taken] };
  await models.Notification.updateOne(
    { _id: first._id, state: 'QUEUED' },
    { $set: { ...both, dueAt: new Date(Date.now() + waitMs) } },
  );
  const ids = others.map(({ _id }) => _id);
  await models.Notification.updateMany(
    { _id: { $in: ids }, state: 'QUEUED' },
    { $set: { ...both, dueAt: null } },
  );
}
