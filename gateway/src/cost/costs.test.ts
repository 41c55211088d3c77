// What operations may cost, before the real subgraphs.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openLiveClient } from '../testing/live-client.ts';
import { type Platform, startPlatform } from '../testing/platform.ts';

let platform: Platform;
let owner: string;
let reader: string;
beforeAll(async () => {
  platform = await startPlatform();
  const { _id: tenantId } = await platform.tenant({ name: 'Acme' });
  const permissions = ['tenant:read', 'service:read', 'check:read', 'person:read'];
  owner = await platform.token({ tenantId, permissions: [...permissions, 'security-event:read'] });
  reader = await platform.token({ tenantId, permissions });
});
afterAll(() => platform?.stop());

const pages = (outer: number | string, inner: number | string) => {
  const selection = `tenant { services(first: ${outer}) { nodes { events(first: ${inner}) { nodes { id } } } } }`;
  return `${selection.includes('$n') ? 'query ($n: Int) ' : ''}{ ${selection} }`;
};
const codeOf = async (query: string, variables: Record<string, unknown> = {}, token = reader) =>
  (await platform.query(query, { token, variables })).errors?.[0]?.extensions?.code;

describe('an operation', () => {
  it('may cost 10,000, pages within pages multiplied', async () => {
    expect(await codeOf(pages(98, 100))).toBeUndefined();
    const { errors, data, status } = await platform.query(pages(100, '$n'), {
      token: reader,
      variables: { n: 100 },
    });
    expect({ data, status }).toEqual({ data: undefined, status: 200 });
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/may cost up to 10,202; 10,000 are allowed. Ask for smaller pages/),
        extensions: { code: 'COST_LIMIT_EXCEEDED', cost: { estimated: 10_202, maximum: 10_000 } },
      },
    ]);
    expect(await codeOf(pages(100, '$n'), { n: null })).toBeUndefined();
  });

  it('may cost what the configuration says', async () => {
    const at = await platform.startGateway({ MAXIMUM_COST: '5' });
    const ask = (first: number) =>
      platform.query(`{ services(first: ${first}) { nodes { id } } }`, { token: reader, at });
    expect((await ask(4)).errors).toBeUndefined();
    expect((await ask(5)).errors).toMatchObject([{ extensions: { cost: { estimated: 6, maximum: 5 } } }]);
  });

  it('costs a viewer nothing for what is denied, nor is its page told of', async () => {
    const events = (first: number) =>
      `{ tenant { securityEvents(first: ${first}) { nodes { id } } services(first: 98) { nodes { events(first: 100) { nodes { id } } } } } }`;
    // One hundred more would be too much.
    expect(await codeOf(events(100))).toBe('FORBIDDEN');
    expect(await codeOf(events(100), {}, owner)).toBe('COST_LIMIT_EXCEEDED');
    expect(await codeOf(events(5_000))).toBe('FORBIDDEN');
    expect(await codeOf(events(5_000), {}, owner)).toBe('BAD_USER_INPUT');
  });

  it('with a page that is too large, or none, is refused before any subgraph is asked', async () => {
    const before = await platform.requestsTo('systemhealth');
    const { errors } = await platform.query(pages('$n', 1), { token: reader, variables: { n: 101 } });
    expect(errors).toEqual([
      {
        message: expect.stringMatching(/^Argument "first" of Tenant.services is 101; ask for 1 to 100/),
        locations: [{ line: 1, column: 28 }],
        extensions: { code: 'BAD_USER_INPUT' },
      },
    ]);
    for (const size of [0, -1, -2_147_483_648]) expect(await codeOf(pages(size, 1))).toBe('BAD_USER_INPUT');
    expect(await platform.requestsTo('systemhealth')).toBe(before);
  });

  it('is held to it over WebSocket too', async () => {
    const client = openLiveClient({ url: platform.gateway.url, token: reader });
    const { end } = client.watch(pages(100, 100));
    expect(await end).toMatchObject([{ extensions: { code: 'COST_LIMIT_EXCEEDED' } }]);
    await client.close();
  });
});
