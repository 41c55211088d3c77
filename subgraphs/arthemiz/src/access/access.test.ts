// What gateways are told by gRPC: what somebody may do now, from Redis or not, and never from before a change.

import { AsyncLocalStorage } from 'node:async_hooks';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import fc from 'fast-check';
import type { PersonRow } from '../people/model.ts';
import { updateRole } from '../roles/changing.ts';
import type { RoleRow } from '../roles/model.ts';
import { type Permission, permissions } from '../roles/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { type AccessAsker, openAccess } from '../testing/access-client.ts';
import { openAdministration, type Write } from '../testing/administration.ts';
import { type Fixture, startFixture } from '../testing/fixture.ts';
import { resolveStandings } from './standings.ts';

let fixture: Fixture;
let access: AccessAsker;
let tenant: TenantRow;
let operator: PersonRow;
let role: RoleRow;
beforeAll(async () => {
  fixture = await startFixture();
  access = openAccess(fixture);
});
afterAll(async () => {
  access?.close();
  await fixture?.stop();
});
beforeEach(async () => {
  tenant = await fixture.tenant();
  operator = await fixture.person({ tenants: [tenant], role: 'operator' });
  role = await inTenant(tenant._id, () => fixture.models.Role.findOne({ name: 'operator' }).orFail().lean());
});

const inThis = (subject: string) => ({ tenantId: tenant._id, subject });
const resolve = async (subject: string, asker = access) => {
  const [standing] = await asker.resolve([inThis(subject)]);
  return standing;
};

/** Lets operators do exactly this, by whichever copy of the service. */
async function allow(allowed: readonly Permission[], { service }: Pick<Fixture, 'service'> = fixture) {
  const changer = { subject: 'per_owner', permissions: new Set<string>(permissions) };
  const change = { id: role._id, permissions: [...allowed].sort(), changer };
  expect(await inTenant(tenant._id, () => updateRole(service, change))).toHaveProperty('role');
}

async function lookUps(outcome: string): Promise<number> {
  const text = await (await fetch(`${fixture.running.url}/metrics`)).text();
  const line = new RegExp(`standing_look_ups_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)`);
  return Number(line.exec(text)?.[1] ?? 0);
}

describe('resolving permissions', () => {
  it('tells people, service clients and nobodies apart, in the order of the question', async () => {
    const client = await fixture.serviceClient({ tenant, role: 'viewer' });
    const other = await fixture.tenant();
    await fixture.join({ person: operator, tenant: other, role: 'owner' });
    const subjects = [inThis('per_nobody'), inThis(operator._id), inThis(client.id)];
    const strange = [
      { tenantId: other._id, subject: client.id },
      { tenantId: 'ten_nowhere', subject: operator._id },
    ];
    const before = new Date();
    const standings = await access.resolve([...subjects, ...strange]);
    expect(standings).toMatchObject([
      { ...inThis('per_nobody'), roles: [], permissions: [] },
      { ...inThis(operator._id), roles: ['operator'], permissions: [...role.permissions].sort() },
      { ...inThis(client.id), roles: ['viewer'] },
      { tenantId: other._id, roles: [], permissions: [] },
      { tenantId: 'ten_nowhere', roles: [], permissions: [] },
    ]);
    for (const { asOf } of standings) expect(asOf?.getTime()).toBeGreaterThanOrEqual(before.getTime());
  });

  it('answers from Redis when it was asked before, and the same', async () => {
    const cold = await resolve(operator._id);
    const found = await lookUps('found');
    const warm = await resolve(operator._id);
    expect(await lookUps('found')).toBe(found + 1);
    expect(warm).toEqual({ ...cold, asOf: warm?.asOf });
  });

  it('answers after a change what holds now, at whichever copy it was made', async () => {
    const copy = await fixture.startCopy();
    for (let turn = 0; turn < 20; turn++) {
      await resolve(operator._id);
      const allowed: Permission[] = turn % 2 === 0 ? ['check:read'] : ['service:read', 'check:read'];
      await allow(allowed, turn % 3 === 0 ? copy : fixture);
      expect((await resolve(operator._id))?.permissions).toEqual([...allowed].sort());
    }
  });

  it('never answers what was before a change that was acknowledged, though many ask meanwhile', async () => {
    const copy = await fixture.startCopy();
    const ofCopy = openAccess(fixture, copy);
    // So many that there is always one whose answer has to be read just then.
    const personIds = Array.from({ length: 24 }, (_, index) => `per_${tenant._id}_${index}`);
    await inTenant(tenant._id, () =>
      fixture.models.Membership.insertMany(
        personIds.map((personId) => ({ personId, roleIds: [role._id], createdAt: new Date() })),
      ),
    );
    const steps = permissions.filter((permission) => !role.permissions.includes(permission)).slice(0, 6);
    let acknowledged = 0;
    let isDone = false;
    const ask = async (asker: AccessAsker, offset: number) => {
      for (let turn = offset; !isDone; turn += 1) {
        const least = acknowledged;
        const standing = await resolve(personIds[turn % personIds.length] ?? '', asker);
        // Each step adds one, so that the number of them says how new the answer is.
        const known = steps.filter((step) => standing?.permissions.includes(step)).length;
        expect(known).toBeGreaterThanOrEqual(least);
      }
    };
    const asking = Promise.all(
      [access, ofCopy, access, ofCopy, access, ofCopy].map((asker, index) => ask(asker, index * 7)),
    );
    const changing = async () => {
      for (const [index] of steps.entries()) {
        await allow(steps.slice(0, index + 1), index % 2 === 0 ? copy : fixture);
        acknowledged += 1;
      }
      for (const personId of personIds) await resolve(personId);
    };
    await Promise.race([changing(), asking]).finally(() => {
      isDone = true;
    });
    await asking;
    ofCopy.close();
  });

  it('knows of every way in which somebody gets or loses something', async () => {
    const names = async (subject: string) => (await resolve(subject))?.roles;
    const newcomer = await fixture.person({ tenants: [] });
    expect(await names(newcomer._id)).toEqual([]);
    await fixture.join({ person: newcomer, tenant, role: 'viewer' });
    expect(await names(newcomer._id)).toEqual(['viewer']);
    await fixture.join({ person: newcomer, tenant, role: 'owner' });
    expect(await names(newcomer._id)).toEqual(['owner']);
    await fixture.leave({ person: newcomer, tenant });
    expect(await names(newcomer._id)).toEqual([]);
    const { id } = await fixture.serviceClient({ tenant, role: 'viewer' });
    expect(await names(id)).toEqual(['viewer']);
    await fixture.serviceClient({ tenant, role: 'operator' });
    expect(await names(id)).toEqual(['operator']);
  });

  it('reads nothing whose changes are not counted', async () => {
    const { connection, models } = fixture.service;
    const read = new Set<string>();
    // Workers read meanwhile, too.
    const ours = new AsyncLocalStorage<true>();
    connection.set('debug', (collection: string) => ours.getStore() && read.add(collection));
    await ours.run(true, () => resolveStandings(fixture.service, [inThis(operator._id)]));
    connection.set('debug', false);
    read.delete(models.Tenant.collection.name); // where they are counted
    // The relay looks into the outbox meanwhile.
    const own = Object.values(models).map(({ collection }) => collection.name);
    for (const name of read) if (!own.includes(name)) read.delete(name);
    expect(read.size).toBeGreaterThan(0);
    const counted = async () =>
      (await models.Tenant.findOne({ _id: tenant._id }).orFail().lean()).grantChanges ?? 0;
    for (const name of read) {
      const model = Object.values(connection.models).find(({ collection }) => collection.name === name);
      const before = await counted();
      await inTenant(tenant._id, async () => model?.deleteMany({ _id: 'none' }));
      expect({ name, counted: (await counted()) - before }).toEqual({ name, counted: 1 });
    }
  });

  it('believes nothing in Redis that it did not put there for this subject', async () => {
    const owner = await fixture.person({ tenants: [tenant] });
    const redis = fixture.environment.redis();
    await access.resolve([inThis(operator._id), inThis(owner._id)]);
    const keyOf = async (subject: string) => {
      const [key = ''] = await redis.keys(`${fixture.environment.namespace}:*:${subject}`);
      return key;
    };
    const before = await resolve(operator._id);
    for (const forged of [
      await redis.get(await keyOf(owner._id)),
      JSON.stringify({ roles: ['owner'], permissions: ['role:write'] }),
      `x.${JSON.stringify({ roles: ['owner'], permissions: ['role:write'] })}`,
      '',
    ]) {
      await redis.set(await keyOf(operator._id), forged ?? '');
      expect((await resolve(operator._id))?.permissions).toEqual(before?.permissions);
    }
  });
});

describe('an administrator', () => {
  it('reads by one copy at once what they wrote by another, however warm its memory is', async () => {
    const copy = await fixture.startCopy();
    const ofCopy = openAccess(fixture, copy);
    const copies = [
      { url: fixture.running.url, access },
      { url: copy.url, access: ofCopy },
    ] as const;
    const write: fc.Arbitrary<Write> = fc.record({
      kind: fc.constantFrom<Write['kind']>(
        ...(['create-role', 'allow', 'give', 'create-group', 'group-gives', 'enter', 'rename'] as const),
        ...(['presence', 'client'] as const),
      ),
      which: fc.nat(),
      chosen: fc.nat({ max: 255 }),
    });
    // Several administrators of tenants of their own at once, so that what is read for many at one moment is, too.
    const stories = fc.array(fc.array(write, { minLength: 6, maxLength: 10 }), {
      minLength: 3,
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(stories, async (all) => {
        await Promise.all(
          all.map(async (story) => {
            const administration = await openAdministration(fixture);
            for (const [index, change] of story.entries()) {
              const [here, elsewhere] = index % 2 === 0 ? copies : [copies[1], copies[0]];
              await administration.write(change, here);
              expect(await administration.read(elsewhere)).toEqual(administration.written());
            }
          }),
        );
      }),
      { numRuns: 2, endOnFailure: true },
    );
    ofCopy.close();
  });
});

describe('the changes of grants', () => {
  const earlier = () => new Date(Date.now() - 60_000);

  it('are listed with what somebody may have lost', async () => {
    await allow(['service:read']);
    await fixture.join({ person: operator, tenant, role: 'viewer' });
    const { changes, isComplete } = await access.changesSince(earlier());
    expect(isComplete).toBe(true);
    expect(changes.filter(({ tenantId }) => tenantId === tenant._id)).toMatchObject([
      { subject: operator._id, rolesRemoved: ['operator'], permissionsRemoved: [] },
      { subject: undefined, permissionsRemoved: expect.arrayContaining(['check:write']) },
    ]);
    const later = await access.changesSince(new Date(Date.now() + 60_000));
    expect(later).toEqual({
      ...{ changes: [], endedSessions: [], removedClients: [], isComplete: true },
      ...{ networks: [], areNetworksComplete: true },
    });
  });

  it('are forgotten when no token remembers them', async () => {
    const { GrantChange } = fixture.models;
    const indexes = await acrossTenants('a test looks at an index', () => GrantChange.listIndexes());
    expect(indexes).toContainEqual(expect.objectContaining({ expireAfterSeconds: 1_800 }));
  });
});

describe('a call', () => {
  it('is answered to gateways alone', async () => {
    expect(permissions).not.toContain('grant:read');
    const subjects = [inThis(operator._id)];
    const now = new Date();
    for (const granted of [[], permissions]) {
      const viewer = { permissions: granted };
      const refused = { code: status.PERMISSION_DENIED };
      await expect(access.resolve(subjects, { viewer })).rejects.toMatchObject(refused);
      await expect(access.changesSince(now, { viewer })).rejects.toMatchObject(refused);
    }
    const unknown = { code: status.UNAUTHENTICATED };
    await expect(access.resolve(subjects, { passport: 'none' })).rejects.toMatchObject(unknown);
    await expect(access.changesSince(now, { passport: 'none' })).rejects.toMatchObject(unknown);
  });

  it('is refused outside of its bounds', async () => {
    const refused = { code: status.INVALID_ARGUMENT };
    const one = inThis(operator._id);
    const many = Array.from({ length: 501 }, () => one);
    for (const subjects of [[], many, [{ ...one, subject: '' }], [{ ...one, tenantId: 't'.repeat(65) }]])
      await expect(access.resolve(subjects)).rejects.toMatchObject(refused);
    await expect(access.changesSince(undefined)).rejects.toMatchObject(refused);
  });
});
