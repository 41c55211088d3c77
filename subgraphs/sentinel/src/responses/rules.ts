// What may become of a response, whom a policy means, and what an allow-list entry covers. Pure.
import { isIP, isIPv6 } from 'node:net';
import { readNetworks } from '@supergraph/chassis/networks';
import { type Severity, severities } from '../findings/rules.ts';

export const responseKinds = ['END_SESSIONS', 'REQUIRE_SECOND_FACTOR', 'BLOCK'] as const;
export type ResponseKind = (typeof responseKinds)[number];

export const targetKinds = ['PERSON', 'CLIENT', 'NETWORK'] as const;
export type TargetKind = (typeof targetKinds)[number];

export const responseModes = ['AUTOMATIC', 'APPROVAL'] as const;
export type ResponseMode = (typeof responseModes)[number];

export const responseStatuses = [
  'PROPOSED',
  'APPROVED',
  'REJECTED',
  'APPLIED',
  'UNDONE',
  'EXPIRED',
  'FAILED',
] as const;
export type ResponseStatus = (typeof responseStatuses)[number];

export interface Target {
  readonly kind: TargetKind;
  readonly value: string;
}

const next: Readonly<Record<ResponseStatus, readonly ResponseStatus[]>> = {
  PROPOSED: ['APPROVED', 'REJECTED', 'EXPIRED', 'FAILED'],
  APPROVED: ['APPLIED', 'FAILED'],
  REJECTED: [],
  APPLIED: ['UNDONE', 'EXPIRED'],
  UNDONE: [],
  EXPIRED: [],
  FAILED: [],
};

/** Whether a response goes from one status to another. Ended sessions can neither be undone nor expire. */
export function mayBecome(
  { kind, status }: { kind: ResponseKind; status: ResponseStatus },
  wanted: ResponseStatus,
): boolean {
  if (kind === 'END_SESSIONS' && status === 'APPLIED') return false;
  return next[status].includes(wanted);
}

/** Whether the same would be done twice beside it: what is to be done, and what holds. */
export function isLive({ kind, status }: { kind: ResponseKind; status: ResponseStatus }): boolean {
  return next[status].some((wanted) => mayBecome({ kind, status }, wanted));
}

/** Programs and networks have neither sessions nor second factors. */
export function isFor(kind: ResponseKind, target: TargetKind): boolean {
  return kind === 'BLOCK' || target === 'PERSON';
}

/** By which field of an event a finding is about whom. */
const targetKindsByField: Readonly<Record<string, TargetKind>> = {
  'actor.user.uid': 'PERSON',
  'user.uid': 'PERSON',
  'actor.app_uid': 'CLIENT',
  'src_endpoint.ip': 'NETWORK',
};

/** Whom a finding is about, as far as something can be done to them. */
export function targetsOf(subjects: readonly { field: string; value: string }[]): Target[] {
  return subjects.flatMap(({ field, value }): Target[] => {
    const kind = targetKindsByField[field];
    if (kind === undefined) return [];
    if (kind === 'NETWORK') return isIP(value) === 0 ? [] : [{ kind, value: hostNetwork(value) }];
    return [{ kind, value }];
  });
}

function hostNetwork(address: string): string {
  return `${address}/${isIPv6(address) ? 128 : 32}`;
}

export interface PolicyMatch {
  readonly isEnabled: boolean;
  readonly kind: ResponseKind;
  readonly targetKinds: readonly TargetKind[];
  readonly minimumSeverity: Severity;
  readonly ruleIds: readonly string[];
}

export interface FindingFacts {
  readonly ruleId: string;
  readonly severity: Severity;
  readonly subjects: readonly { field: string; value: string }[];
}

/** To whom a policy does something because of a finding. */
export function targetsByPolicy(policy: PolicyMatch, finding: FindingFacts): Target[] {
  if (!policy.isEnabled) return [];
  if (severities.indexOf(finding.severity) < severities.indexOf(policy.minimumSeverity)) return [];
  if (policy.ruleIds.length > 0 && !policy.ruleIds.includes(finding.ruleId)) return [];
  return targetsOf(finding.subjects).filter(
    ({ kind }) => policy.targetKinds.includes(kind) && isFor(policy.kind, kind),
  );
}

/** Whether an entry of the allow-list speaks of all of a target: a network of each address of another one. */
export function covers(entry: Target, target: Target): boolean {
  if (entry.kind !== target.kind) return false;
  if (entry.kind !== 'NETWORK') return entry.value === target.value;
  const [address = '', bits = ''] = target.value.split('/');
  const [own = '', ownBits = ''] = entry.value.split('/');
  const isSameFamily = isIPv6(own) === isIPv6(address);
  return isSameFamily && Number(ownBits) <= Number(bits) && readNetworks([entry.value]).has(address);
}

/** The widest networks that may be blocked: beyond these it is a part of the world. */
export const widestBits = { ipv4: 8, ipv6: 19 };

export function isTooWide(network: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  return Number(bits) < (isIPv6(address) ? widestBits.ipv6 : widestBits.ipv4);
}
