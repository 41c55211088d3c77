// What an operator does about events that failed for good, on a real dead-letter queue.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runDeadLetterCommand } from './deadletters-command.ts';
import { backingUrl, type DataFixture, startDataFixture } from './testing/data-fixture.ts';
import { eventually } from './testing/eventually.ts';

const type = 'arthemiz.tenant.created.v1';

describe('dead letters', () => {
  let fixture: DataFixture<Record<never, never>>;
  beforeEach(async () => {
    fixture = await startDataFixture({ schemas: {}, retryDelaysMs: [20] });
  });
  afterEach(() => fixture.dispose());

  const bury = async (messageId: string, body = messageId) => {
    await fixture.broker.send(fixture.broker.topology.deadQueue, {
      messageId,
      body: Buffer.from(body),
      headers: {
        'x-attempts': 2,
        'x-first-failed-at': '2026-01-31T09:30:00.000Z',
        'x-failure-reason': 'broken',
      },
    });
  };
  const ids = async (limit?: number) => (await fixture.deadLetters.list({ limit })).map(({ id }) => id);

  it('are none before anything has failed', async () => {
    expect(await fixture.deadLetters.list()).toEqual([]);
    expect(await fixture.deadLetters.inspect('evt_1')).toBeNull();
    expect(await fixture.deadLetters.replay('evt_1')).toBe(false);
    expect(await fixture.deadLetters.drop('evt_1')).toBe(false);
    expect(await fixture.deadLetters.replayAll()).toBe(0);
  });

  it('are listed oldest first, within a limit, and stay where they are', async () => {
    for (const id of ['evt_1', 'evt_2', 'evt_3']) await bury(id);
    expect(await ids(2)).toEqual(['evt_1', 'evt_2']);
    const found = await eventually(async () => {
      const letters = await fixture.deadLetters.list();
      return letters.length === 3 && letters;
    });
    expect(found[0]).toEqual({
      id: 'evt_1',
      reason: 'broken',
      attempts: 2,
      firstFailedAt: new Date('2026-01-31T09:30:00.000Z'),
    });
    // Two looks at once hide nothing from each other.
    expect(await Promise.all([ids(), ids()])).toEqual([
      ['evt_1', 'evt_2', 'evt_3'],
      ['evt_1', 'evt_2', 'evt_3'],
    ]);
  });

  it('are dropped one by one', async () => {
    for (const id of ['evt_1', 'evt_2']) await bury(id);
    expect(await fixture.deadLetters.drop('evt_1')).toBe(true);
    expect(await fixture.deadLetters.drop('evt_1')).toBe(false);
    expect(await ids()).toEqual(['evt_2']);
  });

  it('show their body as it came, also one that names no id', async () => {
    const { connection, topology } = fixture.broker;
    await fixture.broker.declareQueues();
    const publisher = connection.createPublisher({ confirm: true });
    await publisher.send({ routingKey: topology.deadQueue, durable: true }, Buffer.from('no event {'));
    await publisher.close();
    const [id] = await ids();
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(await fixture.deadLetters.inspect(id ?? '')).toEqual({
      ...{ id, body: 'no event {', reason: null },
      ...{ attempts: 0, firstFailedAt: null },
    });
  });

  it('are replayed as new, all that were there, and those that fail again come back', async () => {
    const seen: string[] = [];
    await fixture.consume({ [type]: async ({ event }) => void seen.push(event.id) });
    const data = { tenantId: 'ten_a', slug: 'acme', name: 'Acme' };
    const events = [1, 2].map(() => fixture.contracts.create(type, { tenantId: 'ten_a', data }));
    for (const event of events) await bury(event.id, JSON.stringify(event));
    await bury('evt_broken', 'still no event');
    expect(await fixture.deadLetters.replayAll()).toBe(3);
    await eventually(() => seen.length === 2);
    expect(seen.sort()).toEqual(events.map(({ id }) => id).sort());
    await eventually(async () => expect(await ids()).toEqual(['evt_broken']));
    // As new: the attempts before the replay are forgotten.
    expect((await fixture.deadLetters.list())[0]?.attempts).toBe(0);
  });

  it('are in an operator’s hands from a command line', async () => {
    const { workQueue } = fixture.broker.topology;
    await fixture.broker.declareQueues();
    for (const id of ['evt_1', 'evt_2', 'evt_3']) await bury(id);
    const run = async (...words: string[]) => {
      const lines: string[] = [];
      const env = { NAMESPACE: fixture.namespace, AMQP_URL: backingUrl('AMQP_URL') };
      const print = (line: string) => void lines.push(line);
      const code = await runDeadLetterCommand({ words, env, logger: fixture.logger, print });
      return { code, lines };
    };
    const listed = await run('arthemiz', 'list');
    expect(listed.lines.map((line) => JSON.parse(line).id)).toEqual(['evt_1', 'evt_2', 'evt_3']);
    const inspected = await run('arthemiz', 'inspect', 'evt_1');
    expect(JSON.parse(inspected.lines.join('\n'))).toMatchObject({ id: 'evt_1', body: 'evt_1' });
    expect(await run('arthemiz', 'drop', 'evt_1')).toEqual({ code: 0, lines: [] });
    expect((await run('arthemiz', 'replay', 'evt_1')).code).toBe(1);
    expect(await run('arthemiz', 'replay', 'evt_2')).toEqual({ code: 0, lines: [] });
    expect(await run('arthemiz', 'replay-all')).toEqual({ code: 0, lines: ['1 given back'] });
    expect(await ids()).toEqual([]);
    const { messageCount } = await fixture.broker.connection.queueDeclare({
      queue: workQueue,
      passive: true,
    });
    expect(messageCount).toBe(2);

    expect((await run('arthemis', 'list')).lines[0]).toContain('There is no service arthemis');
    for (const words of [
      [],
      ['arthemiz'],
      ['arthemiz', 'eat'],
      ['arthemiz', 'drop'],
      ['arthemiz', 'list', 'x'],
    ])
      expect((await run(...words)).code).toBe(2);
  });
});
