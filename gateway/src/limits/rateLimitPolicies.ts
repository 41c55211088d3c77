// Which allowances an operation draws on, and how large they are.
import type { Viewer } from '@supergraph/chassis/viewer';
import { z } from 'zod';
import { networkOf } from './network.ts';

/** One allowance of one holder: of a tenant, a client, a person, an address. */
export interface Policy {
  /** As clients read it in `RateLimit-Policy`, e.g. `person-cost`. */
  readonly name: string;
  /** Operations count one each; their cost is what the cost limit estimates and the answer turns out to be. */
  readonly unit: 'operations' | 'cost';
  /** Most units at once, and in one period in the long run. */
  readonly quota: number;
  /** `rolling` comes back evenly; the others all at once, at midnight UTC or with the month. */
  readonly period: 'rolling' | 'day' | 'month';
  /** Length of the period; of a month, its longest. */
  readonly seconds: number;
}

const units = { operations: z.int().positive().optional(), cost: z.int().positive().optional() };
const rate = z.strictObject({ ...units, seconds: z.int().positive().max(86_400).default(60) });
const quota = z.strictObject(units);
const planning = z.strictObject({
  milliseconds: z.int().positive(),
  seconds: z.int().positive().max(86_400),
});

/** RATE_LIMITS. Null takes an allowance away. */
export const rateLimitsShape = z.strictObject({
  /** Of everybody in a tenant together. */
  tenant: rate.nullable().default({ operations: 120_000, cost: 12_000_000, seconds: 60 }),
  /** Of one OAuth client in one tenant: a client that many tenants use can't be used up by one of them. */
  client: rate.nullable().default({ operations: 60_000, cost: 6_000_000, seconds: 60 }),
  /** Of one person, or one client that acts for itself, over all its tokens and connections. */
  person: rate.nullable().default({ operations: 12_000, cost: 1_200_000, seconds: 60 }),
  /** Of anonymous callers behind one IPv4 address or IPv6 /64 network. */
  address: rate.nullable().default({ operations: 6_000, cost: 300_000, seconds: 60 }),
  /** Of a tenant in one day and one month (UTC). By default there is none. */
  tenantDay: quota.nullable().default(null),
  tenantMonth: quota.nullable().default(null),
  /** Of one person, or of anonymous callers of one network, in each process: time for operations that are new to it. */
  planning: planning.nullable().default({ milliseconds: 2_000, seconds: 10 }),
  /** Other values for some holders, by allowance and id: `client:nightly-export`, `tenantMonth:ten_…`. */
  overrides: z
    .record(z.string().regex(/^(tenant|client|person|tenantDay|tenantMonth):./), rate.nullable())
    .default({}),
});

export type RateLimitsConfig = z.infer<typeof rateLimitsShape>;
type Allowance = Exclude<keyof RateLimitsConfig, 'overrides' | 'planning'>;
type Amounts = z.infer<typeof quota> & { seconds?: number };

/** An allowance's policy and whose it is; the key is equal in all processes. */
export interface Holding {
  policy: Policy;
  key: string;
}

/** What an operation of this caller draws on. */
export function holdingsOf(
  config: RateLimitsConfig,
  { viewer, ipAddress }: { viewer: Viewer; ipAddress: string | undefined },
): Holding[] {
  const { tenantId, clientId, subject, isAnonymous } = viewer;
  if (isAnonymous) return holdings(config, { allowance: 'address', holder: networkOf(ipAddress) });
  return [
    ...(tenantId === null ? [] : tenantHoldings(config, tenantId)),
    ...(clientId === null
      ? []
      : holdings(config, { allowance: 'client', holder: clientId, within: tenantId ?? '' })),
    ...holdings(config, { allowance: 'person', holder: subject }),
  ];
}

function tenantHoldings(config: RateLimitsConfig, holder: string): Holding[] {
  return (['tenant', 'tenantDay', 'tenantMonth'] as const).flatMap((allowance) =>
    holdings(config, { allowance, holder }),
  );
}

interface Holder {
  allowance: Allowance;
  holder: string;
  /** The tenant that the allowance is given in, for what each tenant has of its own. */
  within?: string;
}

function holdings(config: RateLimitsConfig, { allowance, holder, within }: Holder): Holding[] {
  const override = config.overrides[`${allowance}:${holder}`];
  const given: Amounts | null = override === undefined ? config[allowance] : override;
  if (given === null) return [];
  const period = periods[allowance] ?? 'rolling';
  const seconds = period === 'rolling' && given.seconds !== undefined ? given.seconds : lengths[period];
  return (['operations', 'cost'] as const).flatMap((unit) => {
    const amount = given[unit];
    if (amount === undefined) return [];
    const name = `${allowance}-${unit}`;
    const key = within === undefined ? `${name}:${holder}` : `${name}:${within}:${holder}`;
    return [{ policy: { name, unit, quota: amount, period, seconds }, key }];
  });
}

const periods: Partial<Record<Allowance, Policy['period']>> = { tenantDay: 'day', tenantMonth: 'month' };
const lengths = { rolling: 60, day: 86_400, month: 31 * 86_400 };
