import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import { type Fixture, password, startFixture } from '../testing/fixture.ts';
import { authenticate } from './authentication.ts';
import { createPasswordHasher, isOutdated } from './hashing.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

describe('a password', () => {
  it('is stored as Argon2id with 19 MiB, 2 passes and a salt of its own', async () => {
    const tenant = await fixture.tenant();
    const people = [await fixture.person({ tenants: [tenant] }), await fixture.person({ tenants: [tenant] })];
    const hashes = await Promise.all(
      people.map(async ({ _id }) => (await fixture.models.Password.findOne({ _id }).lean())?.hash),
    );
    for (const stored of hashes) expect(stored).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it('is the same however a keyboard composes its characters', async () => {
    const hasher = createPasswordHasher();
    expect(await hasher.verify('cafe\u0301', await hasher.hash('caf\u00e9'))).toBe(true);
  });

  it('is right for no account without one, not even the decoy that is compared instead', async () => {
    expect(await createPasswordHasher().verify('', null)).toBe(false);
  });

  it('is hashed anew when it is used after the parameters were raised', async () => {
    const person = await fixture.person({ tenants: [await fixture.tenant()] });
    const { Password } = fixture.models;
    const weak = await hash(password, { memoryCost: 4_096, timeCost: 1, parallelism: 1 });
    expect(isOutdated(weak)).toBe(true);
    await Password.updateOne({ _id: person._id }, { $set: { hash: weak } });
    const attempt = { email: person.email, ipAddress: null };
    expect((await authenticate(fixture.service, { ...attempt, password: 'wrong' })).isAuthentic).toBe(false);
    expect((await Password.findOne({ _id: person._id }).lean())?.hash).toBe(weak);
    expect((await authenticate(fixture.service, { ...attempt, password })).isAuthentic).toBe(true);
    const renewed = (await Password.findOne({ _id: person._id }).lean())?.hash ?? '';
    expect(isOutdated(renewed)).toBe(false);
    expect((await authenticate(fixture.service, { ...attempt, password })).isAuthentic).toBe(true);
  });
});

describe('hashing', () => {
  it('keeps a bounded line and turns away who would make it longer', async () => {
    const hasher = createPasswordHasher({ concurrency: 1, maximumWaiting: 2 });
    // The decoy has the first turn.
    const outcomes = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => hasher.hash(text)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
    await expect(hasher.hash('later')).resolves.toMatch(/^\$argon2id/);
  });
});
