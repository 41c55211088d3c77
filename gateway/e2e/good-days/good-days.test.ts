// An ordinary day on a whole platform of real processes: every way in, and what arrives at the other end.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Agent, request } from 'undici';
import { runCommand } from '../../../infra/local/commands.ts';
import { readDemoAccounts } from '../../../infra/local/demo.ts';
import { root } from '../../../infra/local/private-platform.ts';
import { signInService } from '../../../infra/local/sign-in.ts';
import { eventually } from '../../../infra/local/waiting.ts';
import { type E2ePlatform, startE2ePlatform } from '../platform.ts';
import { type Collector, startCollector } from './collector.ts';

let collector: Collector;
let platform: E2ePlatform;
let owner: string;

beforeAll(async () => {
  collector = await startCollector();
  platform = await startE2ePlatform({ env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
  owner = await platform.signIn('owner@acme.test');
}, 480_000);

afterAll(async () => {
  await platform?.stop();
  collector?.stop();
}, 480_000);

const welcome =
  '{ tenant { name services(first: 20) { nodes { name status } } securityEvents(first: 5) { nodes { type } } } }';

describe('the platform', () => {
  it('answers one query from three subgraphs, also over TLS by the local authority', async () => {
    const { tlsOrigin, dataDir } = platform.stack;
    const dispatcher = new Agent({ connect: { ca: readFileSync(join(dataDir, 'tls', 'ca.pem'), 'utf8') } });
    const answer = await request(`${tlsOrigin}/graphql`, {
      dispatcher,
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner}` },
      body: JSON.stringify({ query: welcome }),
    });
    expect(await answer.body.json()).toMatchObject({
      data: { tenant: { name: 'Acme Robotics', services: { nodes: { length: 8 } } } },
    });
    await dispatcher.close();
  });

  it('records one trace from nginx, where it begins, to MongoDB', async () => {
    const answer = await request(`${platform.stack.origin}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${owner}` },
      // A text that nobody has sent yet, so that nothing of it is remembered, and a field that is never kept.
      body: JSON.stringify({ query: `query Traced ${welcome.replace('{', '{ viewer { email }')}` }),
    });
    await answer.body.dump();
    // A request that brings neither gets an id for both.
    const traceId = String(answer.headers['x-request-id']);
    /** Span names from a span up to nginx's own, which none is exported of. */
    const wayTo = (service: string, name: string): string[] | undefined => {
      const spans = collector.spansOf(traceId);
      const names: string[] = [];
      let span = spans.find((each) => each.service === service && each.name === name);
      if (span === undefined) return undefined;
      for (let parent: string | undefined = span.spanId; span !== undefined; parent = span?.parentSpanId) {
        span = spans.find(({ spanId }) => spanId === parent);
        names.push(
          span ? `${span.service}: ${span.name}` : parent === traceId.slice(0, 16) ? 'nginx' : 'lost',
        );
      }
      return names;
    };
    await eventually(
      () => {
        const [gateway, fetch] = [['gateway: POST /graphql', 'nginx'], 'gateway: execute'];
        for (const step of ['parse', 'validate', 'authorize', 'plan', 'compile', 'execute'])
          expect(wayTo('gateway', step)).toEqual([`gateway: ${step}`, ...gateway]);
        for (const subgraph of ['arthemiz', 'systemhealth', 'sentinel'])
          expect(wayTo('gateway', `call ${subgraph}`)).toEqual([
            `gateway: call ${subgraph}`,
            fetch,
            ...gateway,
          ]);
        expect(wayTo('systemhealth', 'mongodb find')).toEqual([
          'systemhealth: mongodb find',
          expect.stringMatching(/^systemhealth: graphql /),
          'systemhealth: POST /graphql',
          'gateway: call systemhealth',
          fetch,
          ...gateway,
        ]);
      },
      { timeoutMs: 60_000 },
    );
  });

  it('lets a service in by client credentials, in its own tenant', async () => {
    const { origin, dataDir } = platform.stack;
    const client = readDemoAccounts(dataDir)?.clients.find(({ tenant }) => tenant === 'globex');
    const { accessToken } = await signInService({
      origin,
      clientId: client?.clientId ?? '',
      clientSecret: client?.clientSecret ?? '',
    });
    const { data } = await platform.execute(accessToken, '{ viewer { email tenant { slug } } }');
    expect(data).toEqual({ viewer: { email: null, tenant: { slug: 'globex' } } });
  });

  it('tells a sign-in live to who may know of it, with the person who signed in', async () => {
    const query =
      'subscription { securityEvent(types: [SIGN_IN_SUCCEEDED]) { type actor { displayName } tenant { slug } } }';
    const live = platform.subscribe(owner, query);
    const seen = {
      type: 'SIGN_IN_SUCCEEDED',
      actor: { displayName: 'Vera Novak' },
      tenant: { slug: 'acme' },
    };
    // The first sign-in may come before the subscription stands.
    await eventually(
      async () => {
        await platform.signIn('viewer@acme.test');
        await eventually(() => live.received.length > 0, { timeoutMs: 3_000 });
      },
      { timeoutMs: 60_000 },
    );
    expect(live.received[0]?.data.securityEvent).toEqual(seen);
    live.close();
  });

  it('takes what a step of CI found in a target, as findings', async () => {
    const { origin, dataDir } = platform.stack;
    const file = join(dataDir, 'report.json');
    const send = (vulnerabilities: object[], token = owner) => {
      const components = [{ 'bom-ref': 'a', name: 'lodash', purl: 'pkg:npm/lodash@4.17.20' }];
      writeFileSync(file, JSON.stringify({ bomFormat: 'CycloneDX', components, vulnerabilities }));
      const script = join(root, 'subgraphs/sentinel/src/vulnerabilities/report-main.ts');
      return runCommand(process.execPath, ['--import', 'tsx', script, '--target', 'shop', file], {
        cwd: root,
        env: { ...process.env, SUPERGRAPH_URL: origin, SUPERGRAPH_TOKEN: token },
        timeoutMs: 60_000,
      });
    };
    const found = { id: 'CVE-2021-23337', ratings: [{ score: 7.2 }], affects: [{ ref: 'a' }] };
    const first = await send([found]);
    expect(first).toMatchObject({
      ok: true,
      stdout: 'shop: 1 new, 0 back, 0 as before, 0 resolved\n',
    });
    const query = '{ findings(first: 20) { nodes { title subjects { value } severity } } }';
    const { data } = await platform.execute(owner, query);
    expect(JSON.stringify(data)).toContain('CVE-2021-23337');
    expect(await send([])).toMatchObject({ stdout: 'shop: 0 new, 0 back, 0 as before, 1 resolved\n' });
    const refused = await send([], await platform.signIn('viewer@acme.test'));
    expect([refused.ok, refused.tail]).toEqual([false, expect.stringContaining('was not taken')]);
  });

  it('speaks Server-Sent Events to whoever has no library', async () => {
    const response = await fetch(`${platform.stack.origin}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${owner}`,
      },
      body: JSON.stringify({ query: 'subscription { healthChanged { status service { name } } }' }),
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await platform.stack.processes.sentinel.kill();
    let text = '';
    while (!text.includes('"status":"DOWN","service":{"name":"Sentinel"}')) {
      const read = await reader?.read();
      if (!read || read.done) throw new Error(`the stream ended: ${text}`);
      text += read.value;
    }
    expect(text).toMatch(/^event: next$/m);
    await reader?.cancel();
    await platform.stack.processes.sentinel.start();
  }, 480_000);
});
