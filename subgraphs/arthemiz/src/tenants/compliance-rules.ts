// What a tenant asks of everybody who acts in it, and whether somebody lacks it.
import { readNetworks } from '@supergraph/chassis/networks';
import { z } from 'zod';
import type { TenantRefusal } from './rules.ts';

export const signInMethods = ['PASSWORD', 'PASSKEY', 'SSO'] as const;

export type SignInMethod = (typeof signInMethods)[number];

export interface Compliance {
  secondFactorRequired: boolean;
  /** One of them has to be among the proofs of a sign-in. */
  signInMethods: SignInMethod[];
  /** Empty: from anywhere. */
  allowedNetworks: string[];
  /** After which a person signs in again; null: when the platform's own time is over. */
  sessionMinutes: number | null;
  /** After which a session that nobody used ends; null as above. */
  idleSessionMinutes: number | null;
  /** For how many days records of what happened are kept; null: as long as each subgraph keeps them by itself. */
  retentionDays: number | null;
}

const minutes = z
  .number()
  .int()
  .min(30, 'must be 30 at least')
  .max(20_160, 'must be 20160 at most, which is two weeks')
  .nullable();

/** What is left out stays as it is. */
export const complianceInput = z
  .object({
    secondFactorRequired: z.boolean(),
    signInMethods: z
      .array(z.enum(signInMethods))
      .min(1, 'must name one at least')
      .max(signInMethods.length, 'must name each once'),
    allowedNetworks: z
      .array(z.union([z.cidrv4(), z.cidrv6()], { error: 'must be networks such as 203.0.113.0/24' }))
      .max(100, 'must be 100 at most'),
    sessionMinutes: minutes,
    idleSessionMinutes: minutes,
    // What is kept for shorter anyway, as the results of single checks, is gone within a week.
    retentionDays: z
      .number()
      .int()
      .min(7, 'must be 7 at least')
      .max(3_650, 'must be 3650 at most')
      .nullable(),
  })
  .partial();

export type ComplianceChange = z.infer<typeof complianceInput>;

/** How somebody signed in, from where, and how long ago. */
export interface Circumstances {
  /** In the words of RFC 8176. */
  amr: readonly string[];
  ipAddress: string | null;
  /** Null for whom it is not known of. */
  signedInAt: Date | null;
  /** Null where the session begins now. */
  lastUsedAt: Date | null;
}

export type Lack = 'blocked' | 'network' | 'sign-in-method' | 'session' | 'second-factor';

/** To those who asked for a token. */
export function refusalFor(lack: Lack): string {
  return lack === 'blocked' ? 'they are blocked in the tenant' : `the tenant asks for another ${lack}`;
}

/** What somebody lacks, or null. What no further proof can make good comes first. */
export function lackOf(asked: Compliance, given: Circumstances, now: Date): Lack | null {
  if (!isAllowedFrom(given.ipAddress, asked.allowedNetworks)) return 'network';
  if (!asked.signInMethods.some((method) => isProvenBy(method, given.amr))) return 'sign-in-method';
  const { sessionMinutes, idleSessionMinutes } = asked;
  if (sessionMinutes !== null && !isWithin(given.signedInAt, { minutes: sessionMinutes, now }))
    return 'session';
  const usedAt = given.lastUsedAt ?? now;
  if (idleSessionMinutes !== null && !isWithin(usedAt, { minutes: idleSessionMinutes, now }))
    return 'session';
  return asked.secondFactorRequired && !given.amr.includes('mfa') ? 'second-factor' : null;
}

function isWithin(since: Date | null, { minutes, now }: { minutes: number; now: Date }): boolean {
  return since !== null && now.getTime() - since.getTime() <= minutes * 60_000;
}

/** The words of RFC 8176 that prove each; it has none for what another provider vouched for. */
const proofs: Record<SignInMethod, readonly string[]> = {
  PASSWORD: ['pwd'],
  PASSKEY: ['hwk', 'swk'],
  SSO: ['fed'],
};

function isProvenBy(method: SignInMethod, amr: readonly string[]): boolean {
  return proofs[method].some((proof) => amr.includes(proof));
}

/** Whether an address is in one of the networks. Where there are some, one that is not known is in none. */
export function isAllowedFrom(address: string | null, networks: readonly string[]): boolean {
  if (networks.length === 0) return true;
  return address !== null && readNetworks(networks).has(address);
}

/** The moment of a change of something that was changed at `last` before: later than that, whatever clocks say. */
export function momentAfter(last: Date | null, now: Date): Date {
  return last === null || last < now ? now : new Date(last.getTime() + 1);
}

/** Whoever asks for this would be out themselves; null where they would not. */
export function lockOut(lack: Lack | null): TenantRefusal | null {
  if (lack !== 'network' && lack !== 'sign-in-method') return null;
  const message =
    lack === 'network'
      ? 'You ask from an address outside of these networks, so you would lock yourself out. Add your own network.'
      : 'You are signed in in a way that would not be allowed, so you would lock yourself out. Sign in in one of these ways first.';
  return { __typename: 'LocksViewerOut', message };
}
