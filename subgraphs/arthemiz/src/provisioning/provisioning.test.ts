// A tenant's provisioning over the real subgraphs.
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, execute, subscribe, testEnvironment, testViewer } from '@supergraph/chassis/testing';
import { definition } from '../definition.ts';
import { acceptAsNew, followLink } from '../invitations/accepting.ts';
import { standingOfPerson } from '../memberships/standing.ts';
import { type Fixture, startFixture, variables } from '../testing/fixture.ts';
import { linkIn, type Mailbox, startMailbox } from '../testing/mailbox.ts';
import { startProcess } from '../testing/process.ts';
import { ownerInvitation } from './owner-invitation.ts';
import {
  askAs,
  declared,
  provisioningOf,
  requestsAbout,
  startSentinel,
  startSystemHealth,
  startVault,
  type Vault,
} from './testing.ts';

const quick = { PROVISIONING_POLL_MS: '20', PROVISIONING_RETRY_MS: '10' };
const operator = { subject: 'per_operator', tenantId: 'ten_platform', permissions: ['tenant:create'] };

const createTenant = /* GraphQL */ `
  mutation ($input: CreateTenantInput!) {
    createTenant(input: $input) {
      tenant {
        id
        ${provisioningOf}
      }
      errors {
        __typename
      }
    }
  }
`;
let sequence = 0;
const newInput = (given: { ownerEmail?: string } = {}) => {
  sequence += 1;
  return { name: 'Acme', slug: `acme-${sequence}`, idempotencyKey: `key-00000${sequence}`, ...given };
};
const done = (subgraph: string, name: string) => ({
  subgraph,
  name,
  status: 'DONE',
  attempts: 1,
  error: null,
});
const ownerStep = { ...done('arthemiz', 'owner-invitation'), status: 'SKIPPED', attempts: 0 };
const allDone = [
  done('arthemiz', 'default-roles'),
  ownerStep,
  done('sentinel', 'baseline'),
  done('systemhealth', 'default-checks'),
];

describe('a new tenant', () => {
  let fixture: Fixture;
  let others: Array<{ url: string; stop(): Promise<void> }>;
  let vault: Vault | null = null;
  let mailbox: Mailbox;
  beforeAll(async () => {
    mailbox = await startMailbox();
    fixture = await startFixture({ ...quick, SMTP_URL: mailbox.url, MAIL_POLL_MS: '20' });
    const { env } = fixture.environment;
    others = await Promise.all([startSystemHealth(env), startSentinel(env)]);
    await declared(fixture, ['arthemiz', 'systemhealth', 'sentinel']);
  });
  afterEach(async () => {
    await vault?.stop();
    vault = null;
    // As an operator would, of a subgraph that is gone.
    await fixture.models.StepDeclaration.deleteOne({ _id: 'vault' });
  });
  afterAll(async () => {
    await Promise.all((others ?? []).map((other) => other.stop()));
    await fixture?.stop();
    await mailbox?.stop();
  });

  const withVault = async (open?: (tenantId: string) => void) => {
    vault = await startVault(fixture.environment.env, open ? { open } : {});
    await declared(fixture, ['vault']);
    return vault;
  };
  async function create(input = newInput()) {
    const { data, errors } = await fixture.execute(createTenant, { viewer: operator, variables: { input } });
    expect(errors).toBeUndefined();
    return data.createTenant.tenant;
  }
  /** The tenant as the operator's list shows it, once it has this status. */
  const ended = (id: string, status: string) =>
    eventually(async () => {
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Tenant { ${provisioningOf} } } }`;
      const of = [{ __typename: 'Tenant', id }];
      const { data } = await fixture.execute(query, { viewer: operator, variables: { of } });
      const [tenant] = data._entities;
      return tenant.status === status && tenant;
    });
  /** What there is of a tenant in the three subgraphs. */
  async function madeFor(tenantId: string) {
    const [systemhealth, sentinel] = others;
    const { environment } = fixture;
    const at = (url: string, audience: string, query: string) =>
      askAs(tenantId, { url, environment, audience, query });
    const roles = await at(fixture.running.url, 'arthemiz', '{ roles { name } }');
    const services = await at(
      systemhealth?.url ?? '',
      'systemhealth',
      '{ services { nodes { name checks { name } } } }',
    );
    const watched = await at(
      sentinel?.url ?? '',
      'sentinel',
      `{ _entities(representations: [{ __typename: "Tenant", id: "${tenantId}" }]) { ... on Tenant { watchedSince } } }`,
    );
    return {
      roles: roles.data.roles.length,
      services: services.data.services.nodes,
      isWatched: watched.data._entities[0].watchedSince !== null,
    };
  }
  const nothing = { roles: 0, services: [], isWatched: false };
  const everything = { roles: 3, services: [{ name: 'Web', checks: [{ name: 'Web' }] }], isWatched: true };

  it('gets what it needs in every subgraph, and can be watched while it does', async () => {
    const tenant = await create();
    expect(tenant).toMatchObject({ status: 'PROVISIONING', provisioning: { status: 'RUNNING' } });
    const moves = await subscribe({
      url: fixture.running.url,
      environment: fixture.environment,
      viewer: testViewer(operator),
      query: `subscription { tenantProvisioning(id: "${tenant.id}") { status tenant { status } steps { status } } }`,
    });
    const seen: string[][] = [];
    for await (const { data, errors } of moves) {
      expect(errors).toBeUndefined();
      const { status, steps, tenant: shown } = data.tenantProvisioning;
      seen.push(steps.map((step: { status: string }) => step.status));
      if (status !== 'SUCCEEDED') continue;
      expect(shown.status).toBe('ACTIVE');
      break;
    }
    expect(seen.at(-1)).toEqual(['DONE', 'SKIPPED', 'DONE', 'DONE']);
    // Steps go one after the other and never back.
    const order = ['PENDING', 'RUNNING', 'DONE'];
    for (const statuses of seen) {
      const ranks = statuses.filter((status) => status !== 'SKIPPED').map((status) => order.indexOf(status));
      expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
    }
    expect((await ended(tenant.id, 'ACTIVE')).provisioning).toMatchObject({
      steps: allDone,
      finishedAt: expect.any(String),
    });
    expect(await madeFor(tenant.id)).toEqual(everything);
  });

  it('is provisioned once for one key, however often it is asked for', async () => {
    const input = newInput();
    const [first, second] = await Promise.all([create(input), create(input)]);
    expect(second.id).toBe(first.id);
    await ended(first.id, 'ACTIVE');
    expect((await create(input)).provisioning.steps).toEqual(allDone);
    expect(await requestsAbout(fixture, first.id)).toEqual(['provision sentinel', 'provision systemhealth']);
  });

  it('invites its owner by mail, once, when everything else is there', async () => {
    const email = 'first@acme.test';
    const input = newInput({ ownerEmail: ' First@acme.test ' });
    const { id } = await create(input);
    const { provisioning } = await ended(id, 'ACTIVE');
    expect(provisioning.steps.at(-1)).toEqual(done('arthemiz', 'owner-invitation'));
    expect(await requestsAbout(fixture, id)).toEqual([
      ...['provision sentinel', 'provision systemhealth', 'provision arthemiz'],
    ]);
    await create(input);
    const mail = await mailbox.to(email);
    const link = linkIn(mail).searchParams.get('link') ?? '';
    const followed = await followLink(fixture.service, link);
    expect(followed?.invitation).toMatchObject({ tenantId: id, email, invitedBy: operator.subject });
    if (followed === null) throw new Error('The link leads nowhere.');
    const { invitation } = followed;
    await acceptAsNew(fixture.service, {
      ...{ invitation, displayName: 'First', password: mail.messageId },
      language: 'en',
    });
    const person = await fixture.models.Person.findOne({ email }).orFail().lean();
    expect(await standingOfPerson(fixture.service, { personId: person._id, tenantId: id })).toMatchObject({
      roles: ['owner'],
    });
    expect(mailbox.mails.filter(({ to }) => to === email)).toHaveLength(1);
    expect(JSON.stringify(await fixture.models.Tenant.findOne({ _id: id }).lean())).not.toContain(email);
  });

  it('is left without an invitation when it is left with nothing', async () => {
    const { id } = await create(newInput({ ownerEmail: 'late@acme.test' }));
    await ended(id, 'ACTIVE');
    const tenant = { id, slug: 'unused', name: 'Unused' };
    await inTenant(id, () =>
      fixture.service.transaction((unit) =>
        ownerInvitation.compensate({ ...unit, service: fixture.service, tenant }),
      ),
    );
    const { searchParams } = linkIn(await mailbox.to('late@acme.test'));
    expect(await followLink(fixture.service, searchParams.get('link') ?? '')).toBeNull();
  });

  it('gets what a subgraph does of which arthemiz has never heard; a step that fails is tried again', async () => {
    const failures = new Map<string, number>();
    const { holds } = await withVault((tenantId) => {
      const before = failures.get(tenantId) ?? 0;
      failures.set(tenantId, before + 1);
      if (before < 2) throw new Error('The lock of amqp://user:secret@vault is stuck.');
    });
    const { id } = await create();
    const { provisioning } = await ended(id, 'ACTIVE');
    expect(provisioning.steps).toEqual([...allDone, { ...done('vault', 'box'), attempts: 3 }]);
    expect([...holds]).toContain(id);
  });

  it('is left with nothing, in the reverse order, when a step fails for good', async () => {
    const { holds } = await withVault(() => {
      throw new Error('The lock of amqp://user:secret@vault is stuck.');
    });
    const { id } = await create();
    const { provisioning } = await ended(id, 'FAILED');
    expect(provisioning.status).toBe('FAILED');
    expect(provisioning.steps).toEqual([
      ...allDone.map((step) => (step === ownerStep ? step : { ...step, status: 'COMPENSATED' })),
      {
        ...{ subgraph: 'vault', name: 'box', status: 'FAILED', attempts: 5 },
        error: expect.stringMatching(/^Error: The lock of .* is stuck\.$/),
      },
    ]);
    expect(provisioning.steps.at(-1).error).not.toContain('secret');
    expect(await requestsAbout(fixture, id)).toEqual([
      ...['provision sentinel', 'provision systemhealth'],
      ...Array(5).fill('provision vault'),
      ...['compensate systemhealth', 'compensate sentinel', 'compensate arthemiz'],
    ]);
    expect(await madeFor(id)).toEqual(nothing);
    expect(holds.size).toBe(0);
    const [told] = await fixture.service.connection
      .collection('outbox')
      .find({ 'event.type': 'arthemiz.tenant.provisioning-failed.v1', 'event.subject': id })
      .toArray();
    expect(told?.event.data).toMatchObject({ tenantId: id, subgraph: 'vault', step: 'box' });
  });

  it('that failed is begun anew when it is asked for, and not before', async () => {
    let isBroken = true;
    const { holds } = await withVault(() => {
      if (isBroken) throw new Error('Not yet.');
    });
    const { id } = await create();
    const retry = async (viewer: object = operator) => {
      const { data, errors } = await fixture.execute(
        `mutation ($input: RetryTenantProvisioningInput!) {
          retryTenantProvisioning(input: $input) { tenant { status } errors { __typename } }
        }`,
        { viewer, variables: { input: { tenantId: id } } },
      );
      return { ...data?.retryTenantProvisioning, denied: errors !== undefined };
    };
    expect((await retry()).errors).toEqual([{ __typename: 'TenantNotFailed' }]);
    await ended(id, 'FAILED');
    expect((await retry({ tenantId: id, permissions: ['tenant:read', 'tenant:update'] })).denied).toBe(true);
    isBroken = false;
    const outcomes = await Promise.all([retry(), retry()]);
    expect(outcomes.flatMap(({ errors }) => errors)).toEqual([{ __typename: 'TenantNotFailed' }]);
    const { provisioning } = await ended(id, 'ACTIVE');
    const withoutOwner = allDone.filter((step) => step !== ownerStep);
    expect(provisioning.steps).toEqual([...withoutOwner, done('vault', 'box'), ownerStep]);
    expect(await madeFor(id)).toEqual(everything);
    expect([...holds]).toContain(id);
  });

  it('keeps what it has when a step that was declared later fails', async () => {
    const { id } = await create();
    await ended(id, 'ACTIVE');
    let isBroken = true;
    const { holds } = await withVault((tenantId) => {
      if (isBroken && tenantId === id) throw new Error('Not this one.');
    });
    const late = await eventually(async () => {
      const { provisioning, status } = await ended(id, 'ACTIVE');
      return provisioning.steps.at(-1).status === 'FAILED' && { provisioning, status };
    });
    expect(late.provisioning.steps).toMatchObject([...allDone, { subgraph: 'vault', attempts: 5 }]);
    expect(await madeFor(id)).toEqual(everything);
    isBroken = false;
    // The other tenants, and those that come, have it.
    const next = await create();
    await ended(next.id, 'ACTIVE');
    expect([...holds]).toContain(next.id);
    expect([...holds]).not.toContain(id);
  });

  it('can be watched by its own people and by operators of the platform, and by nobody else', async () => {
    const { id } = await create();
    const watch = async (viewer: Parameters<typeof testViewer>[0]) => {
      const moves = await subscribe({
        url: fixture.running.url,
        environment: fixture.environment,
        viewer: testViewer(viewer),
        query: `subscription { tenantProvisioning(id: "${id}") { status } }`,
      });
      const { value } = await moves.next();
      await moves.return?.();
      return value;
    };
    expect((await watch({ tenantId: id, permissions: ['tenant:read'] })).data).toBeTruthy();
    for (const viewer of [
      { tenantId: 'ten_other', permissions: ['tenant:read'] },
      { tenantId: id, permissions: ['role:read'] },
    ])
      expect((await watch(viewer)).errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});

describe('a subgraph that does not answer', () => {
  it('is given up on, and leaves nothing behind when it comes back', async () => {
    const fixture = await startFixture({ ...quick, PROVISIONING_GIVE_UP_MS: '150' });
    const { env } = fixture.environment;
    const holds = new Set<string>();
    const first = await startVault(env, { holds });
    await declared(fixture, ['arthemiz', 'vault']);
    await first.stop();
    const tenant = await fixture.tenant();
    const stepOfVault = async () => {
      const { data } = await askAs(tenant._id, {
        url: fixture.running.url,
        environment: fixture.environment,
        audience: 'arthemiz',
        query: `{ tenant { ${provisioningOf} } }`,
      });
      return { ...data.tenant, step: data.tenant.provisioning.steps.at(-1) };
    };
    await eventually(async () => (await stepOfVault()).status === 'FAILED');
    expect((await stepOfVault()).step).toMatchObject({
      status: 'COMPENSATION_FAILED',
      error: 'There was no answer.',
    });
    // Both requests wait in its queue.
    const second = await startVault(env, { holds });
    await eventually(async () => (await stepOfVault()).step.status === 'COMPENSATED');
    expect(holds.size).toBe(0);
    await second.stop();
    await fixture.stop();
  });
});

describe('a crash', () => {
  const opened: Array<() => Promise<void>> = [];
  const toClose = <T extends { stop(): Promise<void> }>(one: T): T => {
    opened.push(() => one.stop());
    return one;
  };
  afterAll(async () => {
    for (const close of opened.reverse()) await close();
  });

  it('in the middle of provisionings loses and repeats nothing', async () => {
    const environment = await testEnvironment({ service: 'arthemiz', extra: { ...variables(), ...quick } });
    toClose({ stop: () => environment.dispose() });
    const { env } = environment;
    const patiently = { timeoutMs: 60_000 };
    const victim = await startProcess(new URL('../main.ts', import.meta.url), env);
    toClose({ stop: () => victim.kill() });
    toClose(await startSentinel(env));
    const systemhealth = await startSystemHealth(env);
    const at = (url: string) => ({ url, environment, viewer: testViewer(operator) });
    const create = async () => {
      const given = { input: newInput() };
      const { data } = await execute({ ...at(victim.url), query: createTenant, variables: given });
      return data.createTenant.tenant.id as string;
    };
    const stepsOf = async (url: string, id: string) => {
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Tenant { ${provisioningOf} } } }`;
      const of = [{ __typename: 'Tenant', id }];
      const { data } = await execute({ ...at(url), query, variables: { of } });
      return data._entities[0].provisioning.steps;
    };
    // All subgraphs are known once this one has everything.
    const first = await create();
    await eventually(
      async () => expect(await stepsOf(victim.url, first)).toEqual(expect.arrayContaining(allDone)),
      patiently,
    );

    await systemhealth.stop();
    const waiting = await create();
    const statuses = async () =>
      (await stepsOf(victim.url, waiting)).map(({ status }: { status: string }) => status);
    await eventually(
      async () => expect(await statuses()).toEqual(['DONE', 'SKIPPED', 'DONE', 'RUNNING']),
      patiently,
    );
    const begun = await create();
    await victim.kill();

    toClose(await startSystemHealth(env));
    const survivor = toClose(await startSubgraph(definition, env));
    for (const id of [waiting, begun])
      await eventually(async () => expect(await stepsOf(survivor.url, id)).toEqual(allDone), patiently);
  });
});
