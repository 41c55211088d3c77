// Where people sign in from: through the platform, by a file of made-up places.
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  const places = fileURLToPath(new URL('../geography/testing/cities.mmdb', import.meta.url));
  copy = await platform.start({ GEOIP_DATABASE_PATH: places });
});
afterAll(() => platform?.stop());

const london = '81.2.69.160';
const boxford = '2.125.160.216';
const changchun = '175.16.199.1';
const start = Date.now() - 10 * 3_600_000;

let tenants = 0;
async function ask(tenantId: string, query: string, variables: object = {}) {
  const { data, errors } = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

interface Journey {
  minute: number;
  ipAddress: string;
}

/** In a tenant of their own, one after the other. */
async function signIns(order: readonly Journey[], tenantId = `ten_travel${++tenants}`): Promise<string> {
  const before = await stored(tenantId);
  for (const [index, { minute, ipAddress }] of order.entries()) {
    const time = new Date(start + minute * 60_000).toISOString();
    await platform.tell('arthemiz.sign-in.succeeded.v1', { tenantId, time, data: { ipAddress } });
    // One by one, so that each order is the one that was meant.
    await eventually(async () => (await stored(tenantId)) === before + index + 1);
  }
  return tenantId;
}

const stored = async (tenantId: string): Promise<number> =>
  (await ask(tenantId, '{ securityEvents(first: 100) { nodes { id } } }')).securityEvents.nodes.length;

async function travels(tenantId: string) {
  const query = `{ findings(filter: { ruleId: "impossible-travel" }) { nodes { id severity subjects { value }
    firstSeenAt lastSeenAt evidenceCount evidence { nodes { occurredAt securityEvent { ipAddress } } } } } }`;
  const { nodes } = (await ask(tenantId, query)).findings;
  return nodes
    .map(({ id: _, ...finding }: { id: string; firstSeenAt: string }) => finding)
    .sort((one: { firstSeenAt: string }, other: { firstSeenAt: string }) =>
      one.firstSeenAt < other.firstSeenAt ? -1 : 1,
    );
}

describe('impossible travel', () => {
  it('is found the same in any order, also where a late sign-in explains some of it or takes it apart', async () => {
    const journey: Journey[] = [
      { minute: 0, ipAddress: london },
      { minute: 30, ipAddress: boxford },
      { minute: 60, ipAddress: changchun },
      { minute: 100, ipAddress: changchun },
      { minute: 190, ipAddress: changchun },
      { minute: 200, ipAddress: london },
    ];
    const inOrder = await travels(await signIns(journey));
    expect(inOrder).toMatchObject([
      { severity: 'HIGH', subjects: [{ value: 'per_olivia' }], evidenceCount: 2 },
      { evidenceCount: 2, evidence: { nodes: [{}, { securityEvent: { ipAddress: london } }] } },
    ]);
    // Without those in between, all of it is one journey there and back again.
    const [first, second, third, fourth, fifth, last] = journey as [
      ...[Journey, Journey, Journey, Journey, Journey, Journey], // there are six
    ];
    for (const order of [
      [last, fifth, fourth, third, second, first],
      [first, fourth, last, fifth, third, second],
      [fourth, first, last, second, fifth, third],
    ])
      expect(await travels(await signIns(order))).toEqual(inOrder);
  });

  it('is shown with the places of its sign-ins, given to rules, and found again when it is replayed', async () => {
    const tenantId = await signIns([
      { minute: 0, ipAddress: london },
      { minute: 60, ipAddress: changchun },
    ]);
    const query = `{ securityEvents { nodes { ipAddress place { country city latitude longitude accuracyRadiusKm } } }
      findings(filter: { ruleId: "impossible-travel" }) { nodes { id rule { lacks } } } }`;
    const { securityEvents, findings } = await ask(tenantId, query);
    expect(securityEvents.nodes[1]).toEqual({
      ipAddress: london,
      place: {
        ...{ country: 'GB', city: 'London', latitude: 51.5142, longitude: -0.0931 },
        accuracyRadiusKm: 100,
      },
    });
    const [{ id, rule }] = findings.nodes;
    expect(rule.lacks).toBeNull();
    const replay = `mutation { replayFinding(input: { id: "${id}" }) { outcome eventCount } }`;
    expect((await ask(tenantId, replay)).replayFinding).toEqual({ outcome: 'SAME', eventCount: 2 });
    const sigma = `title: From China
logsource: { product: supergraph, service: authentication }
detection: { s: { src_endpoint.location.country: CN }, condition: s }`;
    const backTest = `mutation ($input: BackTestInput!) { backTestDetectionRule(input: $input) { hits { evidenceCount } } }`;
    const input = { sigma, since: new Date(start).toISOString() };
    expect((await ask(tenantId, backTest, { input })).backTestDetectionRule.hits).toHaveLength(1);
  });

  it('looks past the network of a VPN, and sees who travels behind it', async () => {
    const tenantId = 'ten_travel_vpn';
    const make = `mutation ($input: CreateSuppressionInput!) { createSuppression(input: $input) { errors { message } } }`;
    const matches = [{ field: 'src_endpoint.ip', value: '175.16.199.*' }];
    const input = { ruleId: 'impossible-travel', reason: 'our VPN', matches };
    expect((await ask(tenantId, make, { input })).createSuppression.errors).toEqual([]);
    await signIns(
      [
        { minute: 0, ipAddress: london },
        { minute: 10, ipAddress: changchun },
        { minute: 20, ipAddress: london },
      ],
      tenantId,
    );
    expect(await travels(tenantId)).toEqual([]);
    expect((await ask(tenantId, '{ suppressions { hitCount } }')).suppressions).toEqual([{ hitCount: 1 }]);
    await signIns([{ minute: 30, ipAddress: '216.160.83.56' }], tenantId);
    expect(await travels(tenantId)).toMatchObject([
      {
        evidence: {
          nodes: [
            { securityEvent: { ipAddress: london } },
            { securityEvent: { ipAddress: '216.160.83.56' } },
          ],
        },
      },
    ]);
  });
});

it('without data of places nothing is told of them, and the detectors say what they lack', async () => {
  const plain = await platform.start();
  const query = `{ countries: detectionRule(id: "new-country") { lacks }
    travel: detectionRule(id: "impossible-travel") { lacks } other: detectionRule(id: "new-network") { lacks } }`;
  const { data } = await platform.execute(plain, { query, viewer: operatorOf('ten_plain') });
  const lacks = expect.stringContaining('GEOIP_DATABASE_PATH');
  expect(data).toEqual({ countries: { lacks }, travel: { lacks }, other: { lacks: null } });
  await plain.stop();
});
