import { describe, expect, it } from '@jest/globals';
import {
  acrossTenants,
  currentScope,
  currentTenant,
  inTenant,
  logAcrossTenants,
  TenancyError,
  tenantFor,
} from './tenancy.ts';
import { recordLog } from './testing/data-fixture.ts';

describe('tenancy', () => {
  it('follows the work through every await', async () => {
    await inTenant('ten_a', async () => {
      await new Promise((resolve) => setImmediate(resolve));
      expect(currentTenant()).toBe('ten_a');
      expect(await Promise.all([1, 2].map(async () => currentTenant()))).toEqual(['ten_a', 'ten_a']);
    });
    expect(currentScope()).toBeUndefined();
  });

  it('keeps work side by side apart', async () => {
    const tenants = ['ten_a', 'ten_b', 'ten_c'];
    const seen = tenants.map((tenant) =>
      inTenant(tenant, async () => {
        await new Promise((resolve) => setImmediate(resolve));
        return currentTenant();
      }),
    );
    expect(await Promise.all(seen)).toEqual(tenants);
  });

  it('runs lazy queries inside the scope', async () => {
    const lazy: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: a mongoose query is such a thenable
      then: (done, failed) => Promise.resolve(currentTenant()).then(done, failed),
    };
    expect(await inTenant('ten_a', () => lazy)).toBe('ten_a');
  });

  it('turns to another tenant only across tenants', async () => {
    await inTenant('ten_a', async () => {
      await expect(inTenant('ten_b', async () => undefined)).rejects.toThrow(TenancyError);
      expect(await inTenant('ten_a', async () => currentTenant())).toBe('ten_a');
      expect(await acrossTenants('a test', () => inTenant('ten_b', async () => currentTenant()))).toBe(
        'ten_b',
      );
      expect(currentTenant()).toBe('ten_a');
    });
  });

  it('has no tenant outside of a scope and across tenants', async () => {
    expect(() => currentTenant()).toThrow('There is no tenant here');
    await acrossTenants('a test', async () => {
      expect(() => currentTenant()).toThrow('Work across tenants (a test) has no single tenant');
      expect(currentScope()).toEqual({ reason: 'a test' });
    });
  });

  it('refuses an empty tenant and an empty reason', async () => {
    await expect(inTenant('', async () => undefined)).rejects.toThrow('must not be empty');
    await expect(acrossTenants(' ', async () => undefined)).rejects.toThrow('needs a reason');
  });

  it('lets a tenant be named where the scope has none, never against it', async () => {
    expect(tenantFor('ten_b')).toBe('ten_b');
    expect(() => tenantFor(undefined)).toThrow(TenancyError);
    await inTenant('ten_a', async () => {
      expect(tenantFor(undefined)).toBe('ten_a');
      expect(tenantFor('ten_a')).toBe('ten_a');
      expect(() => tenantFor('ten_b')).toThrow('may not act for tenant ten_b');
    });
  });

  it('logs each reason to cross tenants at once, then seldom and with a count', async () => {
    const { logger, lines } = recordLog();
    const stop = logAcrossTenants(logger, { everyMs: 60_000 });
    const cross = (reason: string) => acrossTenants(reason, async () => undefined);
    await inTenant('ten_a', () => cross('billing'));
    await cross('billing');
    await cross('scheduling');
    expect(lines.map(({ reason, from, uses }) => [reason, from, uses])).toEqual([
      ['billing', 'ten_a', 1],
      ['scheduling', null, 1],
    ]);
    stop();
    await cross('unheard');
    expect(lines).toHaveLength(2);

    const often = recordLog();
    const stopOften = logAcrossTenants(often.logger, { everyMs: 0 });
    await cross('billing');
    await cross('billing');
    expect(often.lines).toHaveLength(2);
    for (let reason = 0; reason <= 1_000; reason += 1) await cross(`computed ${reason}`);
    expect(often.lines).toHaveLength(1_003);
    stopOften();
  });
});
