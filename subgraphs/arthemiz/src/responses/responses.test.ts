// What sentinel asks for about a person, over RabbitMQ.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Broker, openBroker } from '@supergraph/chassis/broker';
import { type EventData, loadEventContracts, messageOf } from '@supergraph/chassis/events';
import { newId } from '@supergraph/chassis/identifiers';
import { createLogger } from '@supergraph/chassis/logging';
import { inTenant, platformTenantId } from '@supergraph/chassis/tenancy';
import { eventually } from '@supergraph/chassis/testing';
import * as client from 'openid-client';
import type { TenantRow } from '../tenants/model.ts';
import { audience, beginCodeFlow, type Fixture, password, signIn, startFixture } from '../testing/fixture.ts';

let fixture: Fixture;
let broker: Broker;
beforeAll(async () => {
  fixture = await startFixture();
  const { AMQP_URL: url, NAMESPACE: namespace } = fixture.service.config;
  const logger = createLogger({ service: 'sentinel', level: 'silent' });
  broker = openBroker({ url, namespace, service: 'publisher', logger });
});
afterAll(async () => {
  await broker?.close();
  await fixture?.stop();
});

type Asking =
  | 'sentinel.session-end.requested.v1'
  | 'sentinel.second-factor.requested.v1'
  | 'sentinel.access-rule.changed.v1';

async function ask<T extends Asking>(type: T, tenantId: string, data: EventData[T]): Promise<void> {
  const event = loadEventContracts({ source: 'sentinel' }).create(type, { tenantId, data });
  await broker.publish(type, messageOf(event));
}

function answered(responseId: string) {
  return eventually(async () => {
    const entry = await fixture.service.connection
      .collection('outbox')
      .findOne({ 'event.type': 'arthemiz.response.carried-out.v1', 'event.data.responseId': responseId });
    return entry?.event.data ?? false;
  });
}

const refresh = ({ config, tokens }: Awaited<ReturnType<typeof signIn>>) =>
  client.refreshTokenGrant(config, tokens.refresh_token ?? '', { resource: audience });

async function newPerson() {
  const tenant = await fixture.tenant();
  const person = await fixture.person({ tenants: [tenant] });
  return { tenant, person, signedIn: await signIn(fixture, person.email) };
}

describe('what sentinel asks for', () => {
  it('ends the sessions of a person, once, and says how many', async () => {
    const { tenant, person, signedIn } = await newPerson();
    const responseId = newId('rsp');
    await ask('sentinel.session-end.requested.v1', tenant._id, { responseId, personId: person._id });
    expect(await answered(responseId)).toEqual({
      ...{ responseId, personId: person._id, sessionsEnded: 1, failure: null },
    });
    await expect(refresh(signedIn)).rejects.toMatchObject({ error: 'invalid_grant' });
    // And lets them sign in again.
    expect((await signIn(fixture, person.email)).tokens.access_token).toBeDefined();
  });

  it('is not done to whom the tenant does not have', async () => {
    const { person, signedIn } = await newPerson();
    const other = await fixture.tenant();
    const responseId = newId('rsp');
    await ask('sentinel.session-end.requested.v1', other._id, { responseId, personId: person._id });
    expect(await answered(responseId)).toMatchObject({ sessionsEnded: 0, failure: 'not-a-member' });
    expect((await refresh(signedIn)).access_token).toBeDefined();
  });

  it('is a second factor that one person needs, until it is taken back', async () => {
    const { tenant, person, signedIn } = await newPerson();
    const responseId = newId('rsp');
    const about = { responseId, personId: person._id };
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await ask('sentinel.second-factor.requested.v1', tenant._id, { ...about, isRequired: true, until });
    expect(await answered(responseId)).toMatchObject({ sessionsEnded: 1, failure: null });
    await expect(refresh(signedIn)).rejects.toMatchObject({ error: 'invalid_grant' });
    const asked = await beginCodeFlow(fixture);
    await asked.browser.open(asked.url);
    const shown = await asked.browser.submit({ email: person.email, password });
    expect(shown.text).toMatch(/authenticator/i);
    const colleague = await fixture.person({ tenants: [tenant] });
    expect((await signIn(fixture, colleague.email)).tokens.access_token).toBeDefined();

    await ask('sentinel.second-factor.requested.v1', tenant._id, {
      ...{ ...about, isRequired: false, until: null },
    });
    await eventually(async () => {
      const flow = await beginCodeFlow(fixture);
      await flow.browser.open(flow.url);
      const { url } = await flow.browser.submit({ email: person.email, password });
      return url.searchParams.has('code');
    });
  });

  it('holds whatever comes first: a demand that was taken back before it was heard is none', async () => {
    const { tenant, person, signedIn } = await newPerson();
    const about = { responseId: newId('rsp'), personId: person._id };
    await ask('sentinel.second-factor.requested.v1', tenant._id, {
      ...{ ...about, isRequired: false, until: null },
    });
    const { FactorDemand } = fixture.service.models;

    const { responseId } = about;
    await eventually(() =>
      inTenant(tenant._id, async () => (await FactorDemand.exists({ responseId })) !== null),
    );
    await ask('sentinel.second-factor.requested.v1', tenant._id, {
      ...{ ...about, isRequired: true, until: null },
    });
    expect(await answered(about.responseId)).toBeDefined();
    const demand = await inTenant(tenant._id, () => FactorDemand.findOne(about).lean());
    expect(demand).toMatchObject({ isRequired: false });
    expect(signedIn.tokens.access_token).toBeDefined();
  });
});

describe('who is blocked', () => {
  const until = new Date(Date.now() + 3_600_000).toISOString();
  type Rule = EventData['sentinel.access-rule.changed.v1'];
  const tell = async (tenantId: string, given: Partial<Rule>) => {
    const rule: Rule = {
      ...{ ruleId: newId('acr'), effect: 'BLOCK', kind: 'PERSON', value: '', isActive: true, until },
      ...given,
    };
    await ask('sentinel.access-rule.changed.v1', tenantId, rule);
    await eventually(() =>
      inTenant(
        tenantId,
        async () =>
          (await fixture.models.AccessRule.exists({ _id: rule.ruleId, isActive: rule.isActive })) !== null,
      ),
    );
    return rule;
  };
  /** Whether a sign-in at an address leads back to the application; else it has said why not. */
  const getsIn = async (email: string, ipAddress = '192.0.2.201') => {
    const flow = await beginCodeFlow(fixture, {}, { browser: fixture.browser(ipAddress) });
    await flow.browser.open(flow.url);
    const { url, status, text } = await flow.browser.submit({ email, password });
    if (url.searchParams.has('code')) return true;
    expect(status).toBe(403);
    expect(text).toContain('blocked here');
    return false;
  };
  const newMember = async (role: string) => {
    const tenant = await fixture.tenant();
    return { tenant: tenant._id, person: await fixture.person({ tenants: [tenant], role }) };
  };

  it('does not sign in in the tenant until the block is lifted, whatever comes first', async () => {
    const { tenant, person } = await newMember('viewer');
    const rule = await tell(tenant, { value: person._id });
    expect(await getsIn(person.email)).toBe(false);
    await tell(tenant, { ...rule, isActive: false });
    expect(await getsIn(person.email)).toBe(true);
    const early = await tell(tenant, { value: person._id, isActive: false });
    await ask('sentinel.access-rule.changed.v1', tenant, { ...early, isActive: true });
    await tell(tenant, { value: 'per_other' });
    expect(await getsIn(person.email)).toBe(true);
  });

  it('is not who stands on the allow-list', async () => {
    const { tenant, person } = await newMember('viewer');
    await tell(tenant, { value: person._id });
    await tell(tenant, { effect: 'ALLOW', value: person._id, until: null });
    expect(await getsIn(person.email)).toBe(true);
  });

  it('is a network, which keeps nobody out who may lift blocks', async () => {
    const { tenant, person } = await newMember('viewer');
    const owner = await fixture.person({ tenants: [{ _id: tenant } as TenantRow] }); // its id is all that is read
    await tell(tenant, { kind: 'NETWORK', value: '192.0.2.200/30' });
    expect(await getsIn(person.email)).toBe(false);
    expect(await getsIn(person.email, '192.0.2.210')).toBe(true);
    expect(await getsIn(owner.email)).toBe(true);
    const elsewhere = await newMember('viewer');
    expect(await getsIn(elsewhere.person.email)).toBe(true);
    const everybodys = await tell(platformTenantId, { kind: 'NETWORK', value: '192.0.2.204/32' });
    expect(await getsIn(elsewhere.person.email, '192.0.2.204')).toBe(false);
    await tell(platformTenantId, { ...everybodys, isActive: false });
  });
});
