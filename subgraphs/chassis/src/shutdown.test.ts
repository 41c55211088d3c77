import { EventEmitter } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { readConfig } from './config.ts';
import { type HostProcess, runUntilStopped, type Stoppable, trackOpened } from './shutdown.ts';
import { recordLog } from './testing/data-fixture.ts';
import { eventually } from './testing.ts';

describe('what was opened', () => {
  it('is closed last first, whatever fails or takes too long', async () => {
    const { logger, lines } = recordLog();
    const closed: string[] = [];
    const opened = trackOpened(logger, { deadlineMs: 20 });
    opened.add('first', () => void closed.push('first'));
    opened.add('failing', () => {
      throw new Error('no');
    });
    opened.add('endless', () => new Promise(() => undefined));
    opened.add('last', async () => closed.push('last'));
    await opened.close();
    await opened.close();
    expect(closed).toEqual(['last', 'first']);
    expect(lines.map(({ part }) => part)).toEqual(['endless', 'failing']);
  });
});

/** A process that only notes what happens to it. */
class Host extends EventEmitter implements HostProcess {
  connected = true;
  exits: number[] = [];
  told = '';
  stderr = { write: (text: string) => (this.told += text) };
  exit = (code: number) => void this.exits.push(code);
}

function service() {
  let stops = 0;
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const running: Stoppable = {
    async stop() {
      stops++;
      await finished;
    },
  };
  return { running, finish, stops: () => stops };
}

describe('a process', () => {
  it.each(['SIGTERM', 'SIGINT', 'disconnect'])('stops in order at %s and exits 0', async (signal) => {
    const host = new Host();
    const { running, finish, stops } = service();
    await runUntilStopped(async () => running, { host });
    host.emit(signal);
    expect([stops(), host.exits]).toEqual([1, []]);
    finish();
    await eventually(() => host.exits.length === 1);
    expect(host.exits).toEqual([0]);
  });

  it('exits at once at the second signal, not when only the parent goes', async () => {
    const host = new Host();
    const { running, stops } = service();
    await runUntilStopped(async () => running, { host });
    host.emit('SIGTERM');
    host.emit('disconnect');
    expect(host.exits).toEqual([]);
    host.emit('SIGINT');
    expect([stops(), host.exits]).toEqual([1, [1]]);
  });

  it('stops when it has started, if it was asked to while starting', async () => {
    const host = new Host();
    const { running, finish, stops } = service();
    let started: (value: Stoppable) => void = () => undefined;
    const running_ = runUntilStopped(() => new Promise((resolve) => (started = resolve)), { host });
    host.emit('SIGTERM');
    finish();
    started(running);
    await running_;
    expect([stops(), host.exits]).toEqual([1, [0]]);
  });

  it('does not wait for ever for a start that does not end', async () => {
    const host = new Host();
    void runUntilStopped(() => new Promise(() => undefined), { host, startGraceMs: 10 });
    host.emit('SIGTERM');
    await eventually(() => host.exits.length === 1);
    expect(host.exits).toEqual([1]);
  });

  it('says in plain words which variable is wrong, and exits 1', async () => {
    const host = new Host();
    const config = z.object({ PORT: z.string() });
    await runUntilStopped(async () => readConfig(config, { service: 'sample', env: {} }) as never, { host });
    expect(host.told).toBe(
      'sample cannot start, its environment is wrong:\n  PORT: is required and not set\n',
    );
    expect(host.exits).toEqual([1]);
  });

  it('tells why it cannot start without credentials, and exits 1', async () => {
    const host = new Host();
    const cause = new Error('amqp://guest:hidden@h refused');
    await runUntilStopped(() => Promise.reject(new Error('cannot start', { cause })), { host });
    expect(host.told).toMatch(/cannot start[\s\S]*because: amqp:\/\/h refused/);
    expect(host.exits).toEqual([1]);
  });

  it('stops and exits 1 when an error escapes, once', async () => {
    const host = new Host();
    const { running, finish, stops } = service();
    await runUntilStopped(async () => running, { host });
    host.emit('unhandledRejection', 'no error object');
    host.emit('uncaughtException', new Error('another'));
    finish();
    await eventually(() => host.exits.length === 1);
    expect([stops(), host.exits]).toEqual([1, [1]]);
    expect(host.told).toMatch(/no error object[\s\S]*another/);
  });

  it('exits 1 when its stop fails', async () => {
    const host = new Host();
    await runUntilStopped(async () => ({ stop: () => Promise.reject(new Error('stuck')) }), { host });
    host.emit('SIGTERM');
    await eventually(() => host.exits.length === 1);
    expect(host.exits).toEqual([1]);
  });
});
