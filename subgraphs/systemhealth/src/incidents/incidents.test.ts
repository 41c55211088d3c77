// From an alert, or somebody who noticed, to a postmortem: through the subgraph's schema and on the real services.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, heard, subscribe, testViewer } from '@supergraph/chassis/testing';
import { commitChanges } from '../checks/changes.ts';
import type { Status } from '../checks/rules.ts';
import { type Copy, operatorOf, sumOf, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { incidentChangedTopic } from './live.ts';

let platform: TestPlatform;
let copy: Copy;
let tenants = 0;
let tenantId = '';
beforeAll(async () => {
  platform = await testPlatform([]);
  copy = await platform.start();
}, 480_000);
afterAll(() => platform.stop());
beforeEach(() => {
  tenants += 1;
  tenantId = `ten_incidents${tenants}`;
});

async function ask(query: string, variables: object = {}) {
  const answer = await platform.execute(copy, { query, variables, viewer: operatorOf(tenantId) });
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}

async function mutate(name: string, input: object, selection = 'incident { id status }') {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const query = `mutation ($input: ${type}) { ${name}(input: $input) { ${selection} errors { __typename message } } }`;
  return (await ask(query, { input }))[name];
}

async function newCheck(serviceId?: string) {
  return inTenant(tenantId, async () => {
    const { Service, Check } = copy.service.models;
    const createdAt = new Date();
    const never = new Date(Date.now() + 86_400_000);
    const _id = serviceId ?? (await Service.create({ name: 'Shop | till', createdAt }))._id;
    const check = await Check.create({
      ...{ serviceId: _id, name: 'Home', kind: 'HTTP', target: 'http://x.test', createdAt, dueAt: never },
      ...{ intervalMs: 60_000, timeoutMs: 1_000, downAfterMs: 0, upAfterMs: 0 },
      ...{ status: 'UP', statusSince: createdAt, missingAt: never },
    });
    return { _id: check._id, serviceId: _id, tenantId };
  });
}

const turn = (check: Awaited<ReturnType<typeof newCheck>>, status: Status) =>
  commitChanges(copy.service, {
    ...{ check, filter: { _id: check._id }, update: { $set: { status, statusSince: new Date() } } },
    changes: [
      {
        previousStatus: 'UNKNOWN',
        status,
        occurredAt: Date.now(),
        message: `It is ${status}.`,
        latencyMs: 1,
      },
    ],
  });

const incidents = async () =>
  (
    await ask(`{ incidents { nodes {
      id title severity status runbookUrl serviceIds alerts { id } isPublic acknowledgedAt
      roles { role person { id } } timeline { nodes { kind message isPublic status actor { id } person { id } } }
    } } }`)
  ).incidents.nodes;
const kinds = (incident: { timeline: { nodes: { kind: string }[] } }) =>
  incident.timeline.nodes.map(({ kind }) => kind).reverse();

describe('an alert whose rule says so', () => {
  it('opens one incident for its group, with the runbook of its rule, and tells of its end', async () => {
    const runbookUrl = 'https://runbooks.test/shop';
    const rule = { name: 'Down', condition: { checkStatus: {} }, severity: 'CRITICAL', runbookUrl };
    const made = await mutate(
      'createAlertRule',
      { ...rule, opensIncident: true },
      'alertRule { opensIncident }',
    );
    expect(made).toEqual({ alertRule: { opensIncident: true }, errors: [] });
    const first = await newCheck();
    const second = await newCheck(first.serviceId);
    await turn(first, 'DOWN');
    await eventually(async () => expect(await incidents()).toHaveLength(1));
    await turn(second, 'DOWN');
    await eventually(async () => expect((await incidents())[0].alerts).toHaveLength(2));
    await turn(first, 'UP');
    await eventually(async () => expect(kinds((await incidents())[0])).toContain('ALERT_RESOLVED'));
    const [incident, ...others] = await incidents();
    expect(others).toEqual([]);
    expect(incident).toMatchObject({
      ...{ title: 'Home of Shop | till is DOWN', severity: 'CRITICAL', status: 'INVESTIGATING', runbookUrl },
      ...{ serviceIds: [first.serviceId], isPublic: false },
    });
    expect(kinds(incident)).toEqual(['OPENED', 'ALERT_FIRED', 'ALERT_FIRED', 'ALERT_RESOLVED']);
    // Who takes care of it takes care of its alerts.
    await mutate('acknowledgeIncident', { id: incident.id });
    const { alerts } = await ask(
      '{ alerts(states: [FIRING]) { nodes { acknowledgement { acknowledgedBy } } } }',
    );
    expect(alerts.nodes).toEqual([{ acknowledgement: { acknowledgedBy: expect.any(String) } }]);
    // After its end the group's next alert opens another.
    await mutate('postIncidentUpdate', { id: incident.id, status: 'RESOLVED' });
    await turn(first, 'DOWN');
    await eventually(async () => expect(await incidents()).toHaveLength(2));
  });

  it('opens none while it is kept quiet', async () => {
    await mutate(
      'createAlertRule',
      { name: 'Down', condition: { checkStatus: {} }, opensIncident: true },
      'alertRule { id }',
    );
    const check = await newCheck();
    const endsAt = new Date(Date.now() + 600_000).toISOString();
    const { maintenanceWindow } = await mutate(
      'createMaintenanceWindow',
      { name: 'Upgrade', serviceIds: [check.serviceId], endsAt },
      'maintenanceWindow { id }',
    );
    await turn(check, 'DOWN');
    await eventually(async () => {
      const { alerts } = await ask('{ alerts { nodes { suppression { kind } } } }');
      expect(alerts.nodes).toEqual([{ suppression: { kind: 'MAINTENANCE' } }]);
    });
    expect(await incidents()).toEqual([]);
    await mutate('endMaintenanceWindow', { id: maintenanceWindow.id }, 'maintenanceWindow { id }');
    await eventually(async () => expect(await incidents()).toHaveLength(1));
  });
});

describe('an incident', () => {
  it('has roles, updates and a status; all of it stands in its timeline, by whom, and subscribers hear of it', async () => {
    const { serviceId } = await newCheck();
    const changes = await subscribe({
      url: copy.url,
      environment: platform.environment,
      viewer: operatorOf(tenantId),
      query: 'subscription { incidentChanged { title status sequence } }',
    });
    const before = await sumOf(copy, 'live_subscribers');
    const first = changes.next();
    await eventually(async () => (await sumOf(copy, 'live_subscribers')) > before);
    await heard(copy.service.live, { topic: incidentChangedTopic, tenantId });
    const opened = await mutate('openIncident', {
      title: 'Slow',
      severity: 'MAJOR',
      serviceIds: [serviceId],
    });
    const { id } = opened.incident;
    expect((await first).value.data.incidentChanged).toMatchObject({ title: 'Slow' });
    await changes.return?.();
    await mutate('assignIncidentRole', { id, role: 'COMMANDER', personId: 'per_anna' });
    await mutate('assignIncidentRole', { id, role: 'COMMANDER', personId: 'per_bob' });
    await mutate('assignIncidentRole', { id, role: 'SCRIBE', personId: 'per_bob' });
    await mutate('assignIncidentRole', { id, role: 'SCRIBE' });
    await mutate('postIncidentUpdate', { id, message: 'A query without an index.', status: 'IDENTIFIED' });
    await mutate('postIncidentUpdate', { id, message: 'It is slow; we work on it.', isPublic: true });
    await mutate('postIncidentUpdate', { id, status: 'RESOLVED' });
    expect((await mutate('acknowledgeIncident', { id })).errors).toMatchObject([
      { __typename: 'IncidentResolved' },
    ]);
    await mutate('postIncidentUpdate', { id, message: 'Again.', status: 'MONITORING' });
    const [incident] = await incidents();
    expect(incident).toMatchObject({
      ...{ status: 'MONITORING', isPublic: true, roles: [{ role: 'COMMANDER', person: { id: 'per_bob' } }] },
    });
    expect(kinds(incident)).toEqual([
      ...['OPENED', 'ROLE_ASSIGNED', 'ROLE_ASSIGNED', 'ROLE_ASSIGNED', 'ROLE_ASSIGNED'],
      ...['STATUS_CHANGED', 'UPDATE', 'RESOLVED', 'REOPENED'],
    ]);
    expect(incident.timeline.nodes.every(({ actor }: { actor: object | null }) => actor !== null)).toBe(true);
  });

  it('takes no empty update, no service that is not there, and nothing from who may only read', async () => {
    const { incident } = await mutate('openIncident', { title: 'Slow', severity: 'MINOR' });
    expect((await mutate('postIncidentUpdate', { id: incident.id })).errors).toMatchObject([
      { __typename: 'InvalidHealthInput' },
    ]);
    expect((await mutate('changeIncident', { id: incident.id, serviceIds: ['svc_x'] })).errors).toMatchObject(
      [{ __typename: 'ServiceNotFound' }],
    );
    expect((await mutate('postIncidentUpdate', { id: 'inc_x', message: 'x' })).errors).toMatchObject([
      { __typename: 'IncidentNotFound' },
    ]);
    const viewer = testViewer({ tenantId, permissions: ['incident:read', 'incident:acknowledge'] });
    const denied = await platform.execute(copy, {
      query: `mutation { postIncidentUpdate(input: { id: "${incident.id}", message: "x" }) { errors { message } } }`,
      viewer,
    });
    expect(denied.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('ends in a postmortem: durations, timeline and action items, in which text stays text', async () => {
    const { serviceId } = await newCheck();
    const startedAt = new Date(Date.now() - 125_000).toISOString();
    const { incident } = await mutate('openIncident', {
      ...{ title: 'Cart # <b>gone</b>', severity: 'CRITICAL', serviceIds: [serviceId], startedAt },
    });
    const { id } = incident;
    await mutate('changeIncident', {
      ...{ id, impact: 'Nobody could pay.\n## Really' },
      actionItems: [{ text: 'Add an index', isDone: true }, { text: 'Alert on it' }],
    });
    await mutate('acknowledgeIncident', { id });
    await mutate('postIncidentUpdate', { id, message: 'Cause | found', status: 'RESOLVED' });
    const { incidentPostmortem: postmortem } = await ask('query ($id: ID!) { incidentPostmortem(id: $id) }', {
      id,
    });
    expect(postmortem).toContain('# Postmortem: Cart \\# \\<b\\>gone\\</b\\>\n');
    expect(postmortem).toContain('> Nobody could pay.\n> \\#\\# Really\n');
    expect(postmortem).toContain('- Services: Shop \\| till\n');
    expect(postmortem).toMatch(
      /\| detected \| 2 min \d+ s \|\n\| acknowledged \| 2 min \d+ s \|\n\| resolved \| 2 min/,
    );
    expect(postmortem).toMatch(/\| .* \| Resolved: Cause \\\| found \| .* \|/);
    expect(postmortem).toContain('- [x] Add an index\n- [ ] Alert on it\n');
    expect(postmortem.match(/^\| \d{4}-.*$/gm)).toHaveLength(4);
  });
});
