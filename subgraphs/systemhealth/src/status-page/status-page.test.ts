// What everybody may see, and what nobody may learn, through the subgraph's schema and on the real services.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, heard, subscribe } from '@supergraph/chassis/testing';
import { anonymous, type Viewer } from '@supergraph/chassis/viewer';
import { type Copy, operatorOf, sumOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { statusPageChangedTopic } from './live.ts';

const tenantId = 'ten_public';
let platform: TestPlatform;
let copy: Copy;
let serviceId: string;
let hiddenId: string;
beforeAll(async () => {
  platform = await testPlatform([]);
  copy = await platform.start();
  await inTenant(tenantId, async () => {
    const { Service, Check } = copy.service.models;
    const createdAt = new Date();
    serviceId = (await Service.create({ name: 'Shop', createdAt }))._id;
    hiddenId = (await Service.create({ name: 'Payroll', createdAt }))._id;
    const never = new Date(Date.now() + 86_400_000);
    for (const [owner, status] of [
      [serviceId, 'UP'],
      [hiddenId, 'DOWN'],
    ] as const) {
      await Check.create({
        ...{ serviceId: owner, name: 'Home', kind: 'HTTP', target: 'http://x.test', createdAt, dueAt: never },
        ...{ intervalMs: 60_000, timeoutMs: 1_000, downAfterMs: 0, upAfterMs: 0 },
        ...{ status, statusSince: createdAt, missingAt: never },
      });
    }
  });
}, 480_000);
afterAll(() => platform.stop());

const page = `{
  slug title status services { name status uptime days { uptime } }
  incidents { title status services updates { message status } } maintenance { name services }
}`;

async function look(slug: string, viewer: Viewer = anonymous) {
  const query = `query ($slug: String!) { statusPage(slug: $slug) ${page} }`;
  return platform.execute(copy, { query, variables: { slug }, viewer });
}

async function mutate(name: string, input: object, selection: string, tenant = tenantId) {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} errors { __typename } } }`;
  const answer = await platform.execute(copy, { query, variables: { input }, viewer: operatorOf(tenant) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data[name];
}

const settings = (more: object = {}, tenant = tenantId) =>
  mutate(
    'updateStatusPage',
    {
      slug: 'shop',
      title: 'Shop status',
      serviceIds: tenant === tenantId ? [serviceId] : [],
      isOn: true,
      ...more,
    },
    'statusPageSettings { slug isOn }',
    tenant,
  );

/** Of the subgraph itself, as nginx asks it. */
const feed = (slug = 'shop', init: RequestInit = {}) =>
  fetch(new URL(`/status/${slug}/feed`, copy.url), { ...init, signal: AbortSignal.timeout(10_000) });

describe('a status page', () => {
  it('is not there until its tenant says so, and one that is off is told apart from none by nothing', async () => {
    const none = await look('never-was');
    expect(none).toMatchObject({ data: { statusPage: null } });
    expect(none.errors).toBeUndefined();
    expect((await settings({ isOn: false })).errors).toEqual([]);
    expect((await look('shop')).data).toEqual(none.data);
  });

  it('shows the services chosen, without sign-in, to members of other tenants too, and nothing of the others', async () => {
    await settings();
    await eventually(async () => expect((await look('shop')).data.statusPage).not.toBeNull());
    const { data } = await look('shop');
    expect(data.statusPage).toMatchObject({
      title: 'Shop status',
      status: 'UP',
      services: [{ name: 'Shop', uptime: 1 }],
    });
    expect(data.statusPage.services[0].days).toHaveLength(90);
    expect(JSON.stringify(data)).not.toMatch(/Payroll|svc_|ten_/);
    expect((await look('shop', operatorOf('ten_elsewhere'))).data).toEqual(data);
  });

  it('belongs to one tenant: its address is taken, and services must be the tenant’s own', async () => {
    expect((await settings({}, 'ten_rival')).errors).toEqual([{ __typename: 'StatusPageSlugTaken' }]);
    expect((await settings({ serviceIds: ['svc_x'] })).errors).toEqual([{ __typename: 'ServiceNotFound' }]);
    expect((await settings({ slug: 'No Slug' })).errors).toEqual([{ __typename: 'InvalidHealthInput' }]);
  });

  it('shows of incidents the public updates alone, at once to who watches', async () => {
    const query = `subscription { statusPageChanged(slug: "shop") ${page} }`;
    const changes = await subscribe({
      url: copy.url,
      environment: platform.environment,
      query,
      viewer: anonymous,
    });
    const before = await sumOf(copy, 'live_subscribers');
    const next = changes.next();
    await eventually(async () => (await sumOf(copy, 'live_subscribers')) > before);
    await heard(copy.service.live, { topic: statusPageChangedTopic, tenantId });
    const opened = await mutate(
      'openIncident',
      {
        title: 'Slow cart',
        severity: 'MAJOR',
        serviceIds: [serviceId, hiddenId],
        message: 'The intern did it.',
      },
      'incident { id }',
    );
    const { id } = opened.incident;
    await mutate(
      'postIncidentUpdate',
      { id, message: 'We look into it.', isPublic: true },
      'incident { id }',
    );
    const { value } = await next;
    expect(value.data.statusPageChanged.incidents).toEqual([
      {
        ...{ title: 'Slow cart', status: 'INVESTIGATING', services: ['Shop'] },
        updates: [{ message: 'We look into it.', status: 'INVESTIGATING' }],
      },
    ]);
    await changes.return?.();
    await eventually(async () => expect(await (await feed()).text()).toContain('Slow cart'));
    const endsAt = new Date(Date.now() + 600_000).toISOString();
    const window = (name: string, serviceIds: string[]) =>
      mutate('createMaintenanceWindow', { name, serviceIds, endsAt }, 'maintenanceWindow { id }');
    await window('Payroll move', [hiddenId]);
    await window('Upgrade', [serviceId]);
    await eventually(async () =>
      expect((await look('shop')).data.statusPage.maintenance).toEqual([
        { name: 'Upgrade', services: ['Shop'] },
      ]),
    );
  });

  it('is a feed, too, which is not sent again to who has it', async () => {
    const answer = await feed();
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')]).toEqual([
      ...[200, 'application/atom+xml; charset=utf-8', 'public, max-age=60'],
    ]);
    const text = await answer.text();
    expect(text).toMatch(/<title>Investigating: Slow cart<\/title>.*We look into it\. \(Shop\)/s);
    expect(text).not.toMatch(/Payroll|intern|svc_|ten_|inc_/);
    const etag = answer.headers.get('etag') ?? '';
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*'])
      expect((await feed('shop', { headers: { 'if-none-match': tag } })).status).toBe(304);
    expect((await feed('shop', { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const head = await feed('shop', { method: 'HEAD' });
    expect([head.status, head.headers.get('etag'), await head.text()]).toEqual([200, etag, '']);
    expect((await feed('shop', { method: 'POST' })).status).toBe(405);
    expect((await feed('never-was')).status).toBe(404);
    expect((await feed('No%20Slug')).status).toBe(404);
  });
});
