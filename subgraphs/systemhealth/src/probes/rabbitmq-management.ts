// RabbitMQ by its management API: no alarm is raised, and a queue and its dead-letter queue are within bounds.
import { assertHostAllowed } from '@supergraph/chassis/addresses';
import { request } from 'undici';
import { z } from 'zod';
import { ProbeFailure } from './failures.ts';
import { boundedText, type GuardedAgent, guardedAgent } from './http.ts';
import type { Measurement } from './measurement.ts';
import type { Answer, Probe } from './probe.ts';
import { credentialsOf, type Target } from './reaching.ts';
import type { SettingsOf } from './settings.ts';

const rate = z.object({ rate: z.number() }).optional();

/** https://www.rabbitmq.com/docs/http-api-reference; the counts come some seconds after the queue. */
export const queueAnswered = z.object({
  messages: z.number().default(0),
  messages_ready: z.number().default(0),
  messages_unacknowledged: z.number().default(0),
  consumers: z.number().default(0),
  message_stats: z.object({ publish_details: rate, deliver_get_details: rate }).optional(),
});

export type Queue = z.infer<typeof queueAnswered>;

/** `target.url` is where the API's own path begins, with user name and password: `/api/…` comes behind it. */
export function rabbitmqManagementProbe(target: Target, settings: SettingsOf<'RABBITMQ'>): Probe {
  return {
    async ask(signal) {
      assertHostAllowed(target.url, target.guard);
      const agent = guardedAgent(target);
      const get = (path: string) => getJson(target, path, { agent, signal });
      try {
        await get('health/checks/alarms');
        const { queue, deadLetterQueue } = settings;
        const of = (name: string) =>
          get(`queues/${encodeURIComponent(settings.virtualHost)}/${encodeURIComponent(name)}`).then(
            (found) => queueAnswered.parse(found),
          );
        const [watched, dead] = [queue && (await of(queue)), deadLetterQueue && (await of(deadLetterQueue))];
        const measurements = [
          ...(watched && queue ? measured(watched, queue) : []),
          ...(dead && deadLetterQueue ? measured(dead, deadLetterQueue) : []),
          ...(dead && queue ? [deadLettered(dead, queue)] : []),
        ];
        return judge({ watched: watched || null, dead: dead || null }, { settings, measurements });
      } finally {
        await agent.destroy();
      }
    },
    close: async () => undefined,
  };
}

/** `path` is what comes behind /api/, with its query. */
export async function getJson(
  target: Pick<Target, 'url'>,
  path: string,
  { agent: { dispatcher }, signal }: { agent: Pick<GuardedAgent, 'dispatcher'>; signal: AbortSignal },
): Promise<unknown> {
  const url = new URL(target.url);
  const { username, password } = credentialsOf(target.url);
  const [resource = '', query = ''] = path.split('?');
  const headers = {
    'user-agent': 'SystemHealth/1 (uptime check)',
    authorization: `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`,
  };
  Object.assign(url, {
    username: '',
    password: '',
    pathname: `${url.pathname.replace(/\/$/, '')}/api/${resource}`,
    search: query,
  });
  const response = await request(url, { dispatcher, signal, headers });
  const text = await boundedText(response);
  const { statusCode } = response;
  if (statusCode === 401) throw new ProbeFailure('sign-in refused');
  if (statusCode === 404) throw new ProbeFailure('no such queue');
  if (statusCode === 503) throw new ProbeFailure('an alarm is raised');
  if (statusCode !== 200) throw new ProbeFailure(`HTTP status ${statusCode}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new ProbeFailure('no answer of the management API');
  }
}

export function measured(found: Queue, queue: string): Measurement[] {
  const labels = { queue };
  return [
    { metric: 'rabbitmq_queue_messages', value: found.messages, labels },
    { metric: 'rabbitmq_queue_messages_ready', value: found.messages_ready, labels },
    { metric: 'rabbitmq_queue_messages_unacked', value: found.messages_unacknowledged, labels },
    { metric: 'rabbitmq_queue_consumers', value: found.consumers, labels },
    {
      metric: 'rabbitmq_queue_publish_rate',
      value: found.message_stats?.publish_details?.rate ?? 0,
      labels,
    },
    {
      metric: 'rabbitmq_queue_deliver_rate',
      value: found.message_stats?.deliver_get_details?.rate ?? 0,
      labels,
    },
  ];
}

export function deadLettered({ messages }: Queue, queue: string): Measurement {
  return { metric: 'rabbitmq_dead_lettered_messages', value: messages, labels: { queue } };
}

interface Judged {
  readonly settings: SettingsOf<'RABBITMQ'>;
  readonly measurements: readonly Measurement[];
}

function judge(
  { watched, dead }: { watched: Queue | null; dead: Queue | null },
  { settings, measurements }: Judged,
): Answer {
  const { maximumReady, maximumUnacknowledged, minimumConsumers, maximumDeadLettered } = settings;
  const failed = (what: string) => new ProbeFailure(what, measurements);
  if (watched !== null) {
    const { messages_ready: ready, messages_unacknowledged: unacknowledged, consumers } = watched;
    if (maximumReady !== null && ready > maximumReady)
      throw failed(`${ready} messages are ready, more than ${maximumReady}`);
    if (maximumUnacknowledged !== null && unacknowledged > maximumUnacknowledged)
      throw failed(`${unacknowledged} messages are unacknowledged, more than ${maximumUnacknowledged}`);
    if (minimumConsumers !== null && consumers < minimumConsumers)
      throw failed(`${consumers} consumers, fewer than ${minimumConsumers}`);
  }
  if (dead !== null && maximumDeadLettered !== null && dead.messages > maximumDeadLettered)
    throw failed(`${dead.messages} dead-lettered messages, more than ${maximumDeadLettered}`);
  return { message: null, measurements };
}
