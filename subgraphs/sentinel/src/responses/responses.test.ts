// What is done about findings, as far as sentinel does it; gateway/src/blocks/blocks.cases.ts has what follows at gateways.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from '../testing/platform.ts';

let platform: TestPlatform;
let copy: Copy;
beforeAll(async () => {
  platform = await testPlatform();
  copy = await platform.start();
});
afterAll(() => platform?.stop());

let tenants = 0;
function newTenant(): string {
  tenants += 1;
  return `ten_r${tenants}`;
}

type Viewer = ReturnType<typeof testViewer>;
const another = (tenantId: string): Viewer => ({ ...operatorOf(tenantId), subject: 'per_another' });

async function ask(viewer: Viewer, query: string, variables: object = {}) {
  const { data, errors } = await platform.execute(copy, { query, variables, viewer });
  if (errors !== undefined) throw new Error(JSON.stringify(errors));
  return data;
}

const shown = 'id kind target targetKind status endsAt findingId policyId log { status note by { id } }';

async function propose(viewer: Viewer, input: object) {
  const query = `mutation ($input: ProposeResponseInput!) {
    proposeResponse(input: $input) { response { ${shown} } errors { __typename message } } }`;
  const given = {
    kind: 'BLOCK',
    targetKind: 'PERSON',
    target: 'per_mallory',
    reason: 'x',
    mode: 'AUTOMATIC',
  };
  return (await ask(viewer, query, { input: { ...given, ...input } })).proposeResponse;
}

async function decide(viewer: Viewer, name: string, id: string) {
  const query = `mutation ($input: DecideResponseInput!) {
    ${name}(input: $input) { response { ${shown} } errors { __typename } } }`;
  return (await ask(viewer, query, { input: { id, note: 'Seen.' } }))[name];
}

async function allow(viewer: Viewer, input: object) {
  const query = `mutation ($input: AddToAllowListInput!) {
    addToAllowList(input: $input) { entry { id value } liftedBlocks errors { __typename } } }`;
  return (await ask(viewer, query, { input: { reason: 'x', ...input } })).addToAllowList;
}

// biome-ignore lint/suspicious/noExplicitAny: tests read what they selected
async function responses(tenantId: string): Promise<any[]> {
  const { data } = await platform.execute(copy, {
    query: `{ responses(first: 50) { nodes { ${shown} } } }`,
    viewer: operatorOf(tenantId),
  });
  return data.responses.nodes;
}

async function told(type: string, tenantId: string) {
  const entries = await copy.service.connection
    .collection('outbox')
    .find({ 'event.type': type, 'event.tenantid': tenantId })
    .toArray();
  return entries.map(({ event }) => event.data);
}

async function addPolicy(tenantId: string, policy: object = {}): Promise<string> {
  const query = `mutation ($input: ResponsePolicyInput!) {
    createResponsePolicy(input: $input) { policy { id } errors { message } } }`;
  const given = {
    ...{ name: 'Stolen', kind: 'BLOCK', targetKinds: ['PERSON'], minimumSeverity: 'HIGH', ruleIds: [] },
    ...{ mode: 'AUTOMATIC', isEnabled: true },
  };
  const outcome = await ask(operatorOf(tenantId), query, { input: { ...given, ...policy } });
  expect(outcome.createResponsePolicy.errors).toEqual([]);
  return outcome.createResponsePolicy.policy.id;
}

describe('a policy', () => {
  it('does its part about a finding once, however much is added to it', async () => {
    const tenantId = newTenant();
    const policyId = await addPolicy(tenantId);
    for (let times = 0; times < 3; times += 1)
      await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    await eventually(async () => {
      const { findings } = await ask(
        operatorOf(tenantId),
        '{ findings(first: 5) { nodes { evidenceCount } } }',
      );
      return findings.nodes[0]?.evidenceCount === 3;
    });
    const all = await responses(tenantId);
    expect(all).toMatchObject([{ status: 'APPLIED', target: 'per_olivia', policyId, kind: 'BLOCK' }]);
    expect(await told('sentinel.access-rule.changed.v1', tenantId)).toMatchObject([
      { effect: 'BLOCK', kind: 'PERSON', value: 'per_olivia', isActive: true, until: all[0].endsAt },
    ]);
  });

  it('only proposes where it says so, and leaves alone who is allowed', async () => {
    const tenantId = newTenant();
    await allow(operatorOf(tenantId), { kind: 'PERSON', value: 'per_olivia' });
    await addPolicy(tenantId, { mode: 'APPROVAL' });
    await addPolicy(tenantId, { kind: 'END_SESSIONS', mode: 'APPROVAL' });
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    await eventually(async () => (await responses(tenantId)).length === 2);
    const all = await responses(tenantId);
    expect(all.find(({ kind }) => kind === 'BLOCK')).toMatchObject({
      ...{ status: 'FAILED' },
      log: [{ note: expect.stringContaining('allow-list') }],
    });
    const sessions = all.find(({ kind }) => kind === 'END_SESSIONS');
    expect(sessions).toMatchObject({ status: 'PROPOSED' });
    expect(await told('sentinel.session-end.requested.v1', tenantId)).toEqual([]);
    const { response } = await decide(operatorOf(tenantId), 'approveResponse', sessions.id);
    expect(response).toMatchObject({ status: 'APPROVED' });
    const data = { responseId: sessions.id, personId: 'per_olivia' };
    expect(await told('sentinel.session-end.requested.v1', tenantId)).toEqual([data]);
    await platform.publish('arthemiz.response.carried-out.v1', {
      ...{ tenantId, data: { ...data, sessionsEnded: 2, failure: null } },
    });
    await eventually(async () =>
      (await responses(tenantId)).some(({ id, status }) => id === sessions.id && status === 'APPLIED'),
    );
    expect((await decide(operatorOf(tenantId), 'undoResponse', sessions.id)).errors).toMatchObject([
      { __typename: 'ResponseStatusRefused' },
    ]);
  });
});

describe('a response', () => {
  it('is approved by somebody else, and by one of two at once', async () => {
    const tenantId = newTenant();
    const { response } = await propose(operatorOf(tenantId), { mode: 'APPROVAL' });
    const own = await decide(operatorOf(tenantId), 'approveResponse', response.id);
    expect(own.errors).toMatchObject([{ __typename: 'ResponseApprovalNeeded' }]);
    const both = await Promise.all([
      decide(another(tenantId), 'approveResponse', response.id),
      decide(another(tenantId), 'rejectResponse', response.id),
    ]);
    expect(both.filter(({ errors }) => errors.length === 0)).toHaveLength(1);
  });

  it('is done at once by nobody who may only propose', async () => {
    const tenantId = newTenant();
    const viewer = testViewer({ tenantId, permissions: ['response:read', 'response:write'] });
    expect((await propose(viewer, {})).errors).toMatchObject([{ __typename: 'ResponseApprovalNeeded' }]);
    expect((await propose(viewer, { mode: 'APPROVAL' })).errors).toEqual([]);
  });

  it('is the only one of its kind about somebody, and of no other tenant’s finding', async () => {
    const [tenantId, other] = [newTenant(), newTenant()];
    await propose(operatorOf(tenantId), {});
    expect((await propose(operatorOf(tenantId), {})).errors).toMatchObject([
      { __typename: 'ResponseExists' },
    ]);
    await platform.tell('arthemiz.refresh-token.reused.v1', { tenantId });
    const findingId = await eventually(async () => {
      const { findings } = await ask(operatorOf(tenantId), '{ findings(first: 1) { nodes { id } } }');
      return findings.nodes[0]?.id ?? false;
    });
    expect((await propose(operatorOf(other), { findingId })).errors).toMatchObject([
      { __typename: 'ResponseNotFound' },
    ]);
  });

  it('may be done again once it was undone', async () => {
    const tenantId = newTenant();
    const { response } = await propose(operatorOf(tenantId), {});
    expect((await decide(operatorOf(tenantId), 'undoResponse', response.id)).errors).toEqual([]);
    const both = await Promise.all([
      propose(another(tenantId), { mode: 'APPROVAL' }),
      propose(another(tenantId), { mode: 'APPROVAL' }),
    ]);
    const [again, ...others] = both.filter(({ errors }) => errors.length === 0);
    expect(others).toEqual([]);
    expect(again).toMatchObject({ response: { status: 'PROPOSED' }, errors: [] });
    expect((await decide(operatorOf(tenantId), 'approveResponse', again.response.id)).errors).toEqual([]);
  });

  it.each([
    ['no person', { target: 'mallory' }, 'InvalidResponseInput'],
    ['a part of the world', { targetKind: 'NETWORK', target: '0.0.0.0/0' }, 'InvalidResponseInput'],
    [
      'sessions of a network',
      { kind: 'END_SESSIONS', targetKind: 'NETWORK', target: '192.0.2.0/24' },
      'InvalidResponseInput',
    ],
    ['too long', { minutes: 43_201 }, 'InvalidResponseInput'],
    ['oneself', { target: 'per_test' }, 'ResponseLocksOut'],
  ])('is refused about %s', async (_, input, __typename) => {
    const tenantId = newTenant();
    const viewer = { ...operatorOf(tenantId), subject: 'per_test' };
    expect(await propose(viewer, input)).toMatchObject({ response: null, errors: [{ __typename }] });
  });

  it('ends by itself, and tells gateways', async () => {
    const tenantId = newTenant();
    const { response } = await propose(operatorOf(tenantId), { minutes: 1 });
    expect(Date.parse(response.endsAt)).toBeGreaterThan(Date.now());
    const { Response } = copy.service.models;
    await acrossTenants('a test lets time go by', () =>
      Response.updateOne({ _id: response.id }, { $set: { endsAt: new Date() } }),
    );
    const ended = await eventually(async () => {
      const [found] = await responses(tenantId);
      return found?.status === 'EXPIRED' && found;
    });
    expect(ended.endsAt).toBeNull();
    const rules = await told('sentinel.access-rule.changed.v1', tenantId);
    expect(rules.map(({ isActive }) => isActive)).toEqual([true, false]);
  });

  it('is lifted by the allow-list, or given up where it only was proposed', async () => {
    const tenantId = newTenant();
    const network = { targetKind: 'NETWORK', target: '192.0.2.7/32' };
    await propose(operatorOf(tenantId), network);
    await propose(operatorOf(tenantId), { ...network, target: '192.0.2.8/32', mode: 'APPROVAL' });
    await propose(operatorOf(tenantId), { ...network, target: '192.0.3.8/32' });
    const entry = { kind: 'NETWORK', value: '192.0.2.0/24' };
    expect(await allow(operatorOf(tenantId), entry)).toMatchObject({ liftedBlocks: 1, errors: [] });
    const all = await responses(tenantId);
    const statuses = Object.fromEntries(all.map(({ target, status }) => [target, status]));
    expect(statuses).toEqual({
      ...{ '192.0.2.7/32': 'UNDONE', '192.0.2.8/32': 'FAILED', '192.0.3.8/32': 'APPLIED' },
    });
    const { allowList } = await ask(operatorOf(tenantId), '{ allowList { id value } }');
    expect(allowList).toHaveLength(1);
    const remove = `mutation ($input: RemoveFromAllowListInput!) {
      removeFromAllowList(input: $input) { entry { id } errors { message } } }`;
    await ask(operatorOf(tenantId), remove, { input: { id: allowList[0].id } });
    expect((await ask(operatorOf(tenantId), '{ allowList { id } }')).allowList).toEqual([]);
  });
});

it('each step of a response is told as it is taken, to its tenant alone', async () => {
  const tenantId = newTenant();
  const viewer = operatorOf(tenantId);
  const watch = await platform.watchResponses(copy, { viewer });
  const elsewhere = await platform.watchResponses(copy, { viewer: operatorOf(newTenant()) });
  const { response } = await propose(viewer, { mode: 'APPROVAL' });
  expect(await watch.next()).toMatchObject({ id: response.id, status: 'PROPOSED', endsAt: null });
  await decide(another(tenantId), 'approveResponse', response.id);
  expect(await watch.next()).toMatchObject({ status: 'APPROVED' });
  const applied = await watch.next();
  expect(applied).toMatchObject({ id: response.id, status: 'APPLIED' });
  expect(applied.log.map(({ status }: { status: string }) => status)).toEqual([
    ...['PROPOSED', 'APPROVED', 'APPLIED'],
  ]);
  await decide(viewer, 'undoResponse', response.id);
  expect(await watch.next()).toMatchObject({ status: 'UNDONE' });
  const other = await propose(operatorOf(`ten_r${tenants}`), {});
  expect(await elsewhere.next()).toMatchObject({ id: other.response.id, status: 'PROPOSED' });
});
