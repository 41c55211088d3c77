import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import * as client from 'openid-client';
import { beginCodeFlow, exchange, type Fixture, startFixture } from '../testing/fixture.ts';
import type { DemoAccounts } from './accounts.ts';
import { seedDemo } from './seed.ts';

let fixture: Fixture;
let folder: string;
let accountsFile: string;
beforeAll(async () => {
  fixture = await startFixture();
  folder = await mkdtemp(join(tmpdir(), 'arthemiz-'));
  accountsFile = join(folder, 'data', 'demo-accounts.json');
  await seedDemo(fixture.service, { accountsFile });
});
afterAll(async () => {
  await fixture?.stop();
  await rm(folder, { recursive: true, force: true });
});

const accounts = async (): Promise<DemoAccounts> => JSON.parse(await readFile(accountsFile, 'utf8'));

/**
 * All that is stored, by collection; aside what lives by itself: signing keys, leases, what subgraphs tell each other at
 * their start, and how often grants were written, which counts writes that change nothing, too.
 */
async function everything() {
  const { db } = fixture.service.connection;
  const stored: Record<string, unknown[]> = {};
  for (const name of ['tenants', 'people', 'memberships', 'roles', 'serviceclients', 'passwords']) {
    stored[name] = (await db?.collection(name).find().sort({ _id: 1 }).toArray()) ?? [];
  }
  for (const tenant of stored.tenants ?? []) Reflect.deleteProperty(tenant as object, 'grantChanges');
  const told = { 'event.type': { $not: /^tenancy\.steps\./ } };
  stored.events =
    (await db?.collection('outbox').find(told).project({ event: 1 }).sort({ _id: 1 }).toArray()) ?? [];
  return stored;
}

async function tokenOf({ email, password }: { email: string; password: string }) {
  const flow = await beginCodeFlow(fixture);
  await flow.browser.open(flow.url);
  return decodeJwt((await exchange(flow, await flow.browser.submit({ email, password }))).access_token);
}

describe('a demo installation', () => {
  it('has accounts of each role in each tenant, and one that operates the platform', async () => {
    const file = await accounts();
    expect(file.accounts.map(({ email, role }) => `${email} ${role}`).sort()).toEqual([
      'operator@acme.test operator',
      'operator@globex.test operator',
      'operator@platform.test platform-operator',
      'owner@acme.test owner',
      'owner@globex.test owner',
      'viewer@acme.test viewer',
      'viewer@globex.test viewer',
    ]);
    expect(new Set(file.accounts.map(({ password }) => password)).size).toBe(7);
  });

  it('tells its passwords to the owner of the file alone', async () => {
    expect((await stat(accountsFile)).mode & 0o777).toBe(0o600);
  });

  it('can be signed in to with the passwords of the file', async () => {
    const file = await accounts();
    const [owner] = file.accounts.filter(({ email }) => email === 'owner@acme.test');
    const [operator] = file.accounts.filter(({ role }) => role === 'platform-operator');
    expect(await tokenOf(owner ?? { email: '', password: '' })).toMatchObject({ roles: ['owner'] });
    expect(await tokenOf(operator ?? { email: '', password: '' })).toMatchObject({
      tenant: 'ten_platform',
      entitlements: expect.arrayContaining(['tenant:create']),
    });
  });

  it('has service clients with the secrets of the file', async () => {
    for (const { clientId, clientSecret, role } of (await accounts()).clients) {
      const config = await fixture.configure(clientId, client.ClientSecretBasic(clientSecret));
      const { access_token } = await client.clientCredentialsGrant(config);
      expect(decodeJwt(access_token).roles).toEqual([role]);
    }
  });

  it('is not changed by seeding it again', async () => {
    const [before, file] = [await everything(), await accounts()];
    await seedDemo(fixture.service, { accountsFile });
    expect(await everything()).toEqual(before);
    expect(await accounts()).toEqual(file);
  });

  it('is completed when the seeding was cut short', async () => {
    const before = await everything();
    const { Person, Password } = fixture.models;
    const person = await Person.findOne({ email: 'viewer@globex.test' }).lean();
    await Password.deleteOne({ _id: person?._id ?? '' });
    await seedDemo(fixture.service, { accountsFile });
    const after = await everything();
    expect(after.passwords).toHaveLength(before.passwords?.length ?? 0);
    expect({ ...after, passwords: [] }).toEqual({ ...before, passwords: [] });
  });

  it('takes up new passwords and secrets when the file was deleted', async () => {
    const before = await accounts();
    await rm(accountsFile);
    await seedDemo(fixture.service, { accountsFile });
    const file = await accounts();
    const [viewer] = file.accounts.filter(({ email }) => email === 'viewer@acme.test');
    expect(before.accounts).not.toContainEqual(viewer);
    expect(await tokenOf(viewer ?? { email: '', password: '' })).toMatchObject({ roles: ['viewer'] });
    for (const { clientId, clientSecret } of file.clients) {
      const config = await fixture.configure(clientId, client.ClientSecretBasic(clientSecret));
      await expect(client.clientCredentialsGrant(config)).resolves.toBeDefined();
    }
  });

  it('is not seeded from a file that is none of ours, which stays as it is', async () => {
    for (const text of ['not json', '{"accounts":[]}']) {
      const file = join(folder, 'other.json');
      await writeFile(file, text);
      await expect(seedDemo(fixture.service, { accountsFile: file })).rejects.toThrow(
        /no file of demo accounts/,
      );
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('is not seeded for a tenant that the file alone knows', async () => {
    const file = join(folder, 'unknown-tenant.json');
    const account = { email: 'a@b.test', password: 'x'.repeat(16), tenant: 'initech', role: 'owner' };
    await writeFile(file, JSON.stringify({ accounts: [account], clients: [] }));
    await expect(seedDemo(fixture.service, { accountsFile: file })).rejects.toThrow(/initech/);
  });
});
