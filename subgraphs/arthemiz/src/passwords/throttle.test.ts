import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { Arthemiz } from '../context.ts';
import { type Fixture, password, startFixture } from '../testing/fixture.ts';
import { authenticate } from './authentication.ts';
import { admitAttempt } from './throttle.ts';

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture?.stop());

const newEmail = async () => (await fixture.person({ tenants: [] })).email;

interface Guess {
  email: string;
  password?: string;
  ipAddress?: string | null;
  at?: Arthemiz;
}

/** Signs in, wrongly unless told; answers `right`, or why not. */
async function guess({ email, password = 'wrong', ipAddress = null, at = fixture.service }: Guess) {
  const outcome = await authenticate(at, { email, password, ipAddress });
  return outcome.isAuthentic ? 'right' : outcome.reason;
}

/** Lets the wait that is running end. */
const endWaits = () =>
  fixture.models.SignInAttempt.updateMany({}, { $set: { blockedUntil: new Date(Date.now() - 1) } });

describe('guessing the password of an account', () => {
  it('is slowed down after five attempts, from wherever it comes, for longer each time', async () => {
    const email = await newEmail();
    for (let count = 1; count <= 5; count += 1) {
      expect(await guess({ email, ipAddress: `198.51.100.${count}` })).toBe('wrong-password');
    }
    expect(await guess({ email, ipAddress: '198.51.100.6' })).toBe('throttled');
    const waits: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      const refused = await admitAttempt(fixture.service, { email, ipAddress: null });
      waits.push(refused.isAdmitted ? 0 : refused.retryAfterSeconds);
      await endWaits();
      await guess({ email });
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });

  it('does not keep the right password out for longer than the wait', async () => {
    const email = await newEmail();
    for (let count = 0; count < 5; count += 1) await guess({ email });
    expect(await guess({ email, password })).toBe('throttled');
    // The wait after five failures is a second.
    await eventually(async () => (await guess({ email, password })) === 'right');
    // And a success forgets what went before.
    for (let count = 0; count < 4; count += 1) expect(await guess({ email })).toBe('wrong-password');
    expect(await guess({ email, password })).toBe('right');
  });

  it('gets no more attempts by sending them all at once', async () => {
    const email = await newEmail();
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => guess({ email })));
    expect(outcomes.filter((outcome) => outcome === 'wrong-password').length).toBeLessThanOrEqual(5);
  });

  it('is counted by all copies together, and on after a restart', async () => {
    const email = await newEmail();
    const copy = await fixture.startCopy();
    for (let count = 0; count < 4; count += 1) {
      await guess({ email, at: count % 2 === 0 ? fixture.service : copy.service });
    }
    await copy.stop();
    const { service } = await fixture.startCopy();
    expect(await guess({ email, at: service })).toBe('wrong-password');
    expect([await guess({ email, at: service }), await guess({ email })]).toEqual(['throttled', 'throttled']);
  });

  it('begins anew when nobody has tried for an hour', async () => {
    const email = await newEmail();
    for (let count = 0; count < 5; count += 1) await guess({ email });
    const past = new Date(Date.now() - 1);
    await fixture.models.SignInAttempt.updateMany({}, { $set: { blockedUntil: past, expiresAt: past } });
    for (let count = 0; count < 5; count += 1) expect(await guess({ email })).toBe('wrong-password');
    expect(await guess({ email })).toBe('throttled');
  });
});

describe('guessing from one address', () => {
  const spread = (ipAddress: string, count: number) =>
    Promise.all(
      Array.from({ length: count }, (_, index) =>
        admitAttempt(fixture.service, { email: `guess-${index}@spread.test`, ipAddress }),
      ),
    );

  it('is slowed down after twenty attempts, whichever the accounts', async () => {
    const ipAddress = '203.0.113.7';
    expect((await spread(ipAddress, 20)).every(({ isAdmitted }) => isAdmitted)).toBe(true);
    const email = await newEmail();
    expect(await guess({ email, password, ipAddress })).toBe('throttled');
    // It made nobody else wait.
    expect(await guess({ email, password, ipAddress: '203.0.113.8' })).toBe('right');
    await endWaits();
    expect(await guess({ email, password, ipAddress })).toBe('right');
  });

  it('is not made cheaper by signing in to an account of one own in between', async () => {
    const ipAddress = '203.0.113.9';
    const email = await newEmail();
    await spread(ipAddress, 19);
    expect(await guess({ email, password, ipAddress })).toBe('right');
    expect(await guess({ email: 'victim@spread.test', ipAddress })).toBe('unknown-email');
    expect(await guess({ email: 'other@spread.test', ipAddress })).toBe('throttled');
  });

  it('counts a network of IPv6 as one', async () => {
    for (let host = 1; host <= 20; host += 1) {
      const email = `host-${host}@spread.test`;
      await admitAttempt(fixture.service, { email, ipAddress: `2001:db8:0:7::${host.toString(16)}` });
    }
    const next = { email: 'next@spread.test', ipAddress: '2001:db8:0:7:ffff::1' };
    expect((await admitAttempt(fixture.service, next)).isAdmitted).toBe(false);
    const elsewhere = { ...next, ipAddress: '2001:db8:0:8::1' };
    expect((await admitAttempt(fixture.service, elsewhere)).isAdmitted).toBe(true);
  });
});

describe('what is kept of attempts', () => {
  it('names neither accounts nor addresses', async () => {
    const email = await newEmail();
    await guess({ email, ipAddress: '203.0.113.77' });
    const stored = JSON.stringify(await fixture.models.SignInAttempt.find().lean());
    expect(stored).not.toContain(email);
    expect(stored).not.toContain('203.0.113.77');
  });
});
