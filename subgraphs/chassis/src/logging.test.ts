import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { newApiKey } from './api-key.ts';
import { newId } from './identifiers.ts';
import { createLogger } from './logging.ts';
import { redact, stripCredentials } from './redaction.ts';
import { inTenant } from './tenancy.ts';
import { startTracing } from './tracing.ts';

function record(level = 'debug') {
  const lines: Array<Record<string, unknown>> = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, logger: createLogger({ service: 'sample', level, destination }) };
}

describe('logs', () => {
  it('are JSON lines with service, level and time', () => {
    const { lines, logger } = record();
    logger.info({ count: 2 }, 'counted');
    expect(lines).toEqual([
      { level: 'info', time: expect.stringMatching(/Z$/), service: 'sample', count: 2, msg: 'counted' },
    ]);
  });

  it('carry the tenant and the trace that they belong to', async () => {
    const { lines, logger } = record();
    const tracing = startTracing({ service: 'sample' });
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await tracing.serve({ name: 'work', carrier: { traceparent } }, () =>
      inTenant('ten_a', async () => logger.info('inside')),
    );
    await tracing.stop();
    expect(lines[0]).toMatchObject({ tenant: 'ten_a', trace_id: '0af7651916cd43dd8448eb211c80319c' });
  });

  it('hide secrets and e-mail addresses at any depth, in children too', () => {
    const { lines, logger } = record();
    logger.child({ token: 'hidden' }).warn({
      headers: { Authorization: 'Bearer hidden', cookie: 'hidden', 'x-request-id': 'shown' },
      viewer: { person: { email: 'hidden@acme.test', name: 'shown' } },
      clientSecret: 'hidden',
      refresh_token: ['hidden'],
      passwordHash: 'hidden',
      accessTokens: ['hidden'],
      emailAddress: 'hidden@acme.test',
      uri: 'mongodb://user:hidden@127.0.0.1/db',
    });
    const text = JSON.stringify(lines);
    expect(text).not.toContain('hidden');
    expect(text.match(/shown/g)).toHaveLength(2);
    expect(text).toContain('mongodb://127.0.0.1/db');
  });

  it('show errors with their causes, without credentials', () => {
    const { lines, logger } = record();
    const cause = new Error('connect amqp://guest:hidden@h:5672 failed');
    logger.error(
      { err: Object.assign(new TypeError('outer', { cause }), { code: 'E1', password: 'hidden' }) },
      'failed',
    );
    logger.error(new Error('alone redis://:hidden@h'));
    expect(JSON.stringify(lines)).not.toContain('hidden');
    expect(lines[0]).toMatchObject({
      err: { type: 'TypeError', code: 'E1', cause: { message: 'connect amqp://h:5672 failed' } },
    });
    expect(lines[1]).toMatchObject({ err: { message: 'alone redis://h' } });
  });

  it('hide API keys in any text, which are known by their form', () => {
    const { lines, logger } = record();
    const apiKey = newApiKey(newId('key'));
    logger.warn({
      err: new Error(`${apiKey} was refused`),
      query: `{ a(key: "${apiKey}") }`,
      list: [apiKey],
    });
    expect(JSON.stringify(lines)).not.toContain(apiKey.slice(-49));
    expect(lines[0]).toMatchObject({
      err: { message: 'sk_[redacted] was refused' },
      query: '{ a(key: "sk_[redacted]") }',
    });
  });

  it('write to stdout by default', () => {
    expect(createLogger({ service: 'sample', level: 'silent' }).level).toBe('silent');
  });
});

describe('redaction', () => {
  it('survives cycles, depth, length and values of every kind', () => {
    const cycle: Record<string, unknown> = { name: 'loop', big: 10n, at: new Date(0), nothing: null };
    cycle.self = cycle;
    expect(redact(cycle)).toEqual({
      name: 'loop',
      big: '10',
      at: '1970-01-01T00:00:00.000Z',
      nothing: null,
      self: '[…]',
    });
    expect(redact(Array(500).fill(1))).toHaveLength(100);
    const shared = { a: 1 };
    expect(redact([shared, shared])).toEqual([shared, shared]);
  });

  it('removes user and password from any URL and leaves other text as it is', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9:@%!-]{1,20}$/),
        fc.stringMatching(/^[a-z]{3,10}$/),
        (userInfo, host) => {
          expect(stripCredentials(`at amqp://${userInfo}@${host}:1/v now`)).toBe(`at amqp://${host}:1/v now`);
        },
      ),
    );
    expect(stripCredentials('mail a@b.c, see http://h/p?q=a@b')).toBe('mail a@b.c, see http://h/p?q=a@b');
  });
});
