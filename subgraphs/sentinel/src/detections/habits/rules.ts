// What Sigma can't say because it is about what did not happen before: looks at a person's sign-ins in order. Pure: a verdict
// on a sign-in is a function of it and those before it, so that replaying them gives the same.
import { isIPv4, isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';
import { distanceKm, type Place } from '../../geography/rules.ts';

export interface SignIn {
  readonly id: string;
  readonly at: number;
  readonly ipAddress: string | null;
  readonly place: Place | null;
  readonly userAgent: string | null;
  readonly clientId: string | null;
}

export interface Verdict {
  readonly signIn: SignIn;
  /** What is new about it; null where it is about the person alone. */
  readonly about: { readonly field: string; readonly value: string } | null;
  /** The sign-ins that show it, itself among them. */
  readonly evidence: readonly SignIn[];
}

export const dayMs = 86_400_000;
const hourMs = 3_600_000;

/**
 * By time. Those of one instant by what they say, and never by the order in which they came; who signs in twice within a
 * millisecond by the same means is the same to every detector.
 */
export function inOrder(one: SignIn, other: SignIn): number {
  if (one.at !== other.at) return one.at - other.at;
  const said = ({ ipAddress, userAgent, clientId, id }: SignIn) =>
    JSON.stringify([ipAddress, userAgent, clientId, id]);
  return said(one) < said(other) ? -1 : 1;
}

/** How far back a verdict looks. */
export const lookBackDays = 90;

export interface FirstSeenParameters {
  readonly field: string;
  /** What of a sign-in is compared; null for none. */
  read(signIn: SignIn): string | null;
  /** Nothing is new before so many days and sign-ins are known. */
  readonly learningDays: number;
  readonly learningSignIns: number;
}

/** Sign-ins with something that none before them had. @param ordered by time, of one person */
export function firstSeen(ordered: readonly SignIn[], parameters: FirstSeenParameters): Verdict[] {
  const { field, read, learningDays, learningSignIns } = parameters;
  if (ordered.length <= learningSignIns) return [];
  const lastSeen = new Map<string, number>();
  const verdicts: Verdict[] = [];
  const known: SignIn[] = [];
  /** Of the known, the first within reach. */
  let first = 0;
  for (const signIn of ordered) {
    const value = read(signIn);
    if (value === null) continue;
    while (first < known.length && signIn.at - (known[first]?.at ?? 0) > lookBackDays * dayMs) first += 1;
    const oldest = known[first];
    const hasLearnt =
      oldest !== undefined &&
      known.length - first >= learningSignIns &&
      signIn.at - oldest.at >= learningDays * dayMs;
    const last = lastSeen.get(value);
    const isNew = last === undefined || signIn.at - last > lookBackDays * dayMs;
    if (hasLearnt && isNew) verdicts.push({ signIn, about: { field, value }, evidence: [signIn] });
    lastSeen.set(value, signIn.at);
    known.push(signIn);
  }
  return verdicts;
}

/** Sign-ins after a pause of so many days. What was before the pause shows that there was an account. */
export function dormant(ordered: readonly SignIn[], { days }: { days: number }): Verdict[] {
  return ordered.flatMap((signIn, index) => {
    const before = ordered[index - 1];
    if (before === undefined || signIn.at - before.at < days * dayMs) return [];
    return [{ signIn, about: null, evidence: [signIn] }];
  });
}

export interface TravelParameters {
  /** What nobody travels faster than, from door to door. */
  readonly kmPerHour: number;
  /** Less than so far apart is never found. */
  readonly minimumKm: number;
  /** How far off a place may be that doesn't say it. */
  readonly assumedRadiusKm: number;
}

/**
 * Sign-ins too far from the one before to have got there since. Places count as near to each other as they may be. Those
 * of which no place is known are as if they hadn't been.
 */
export function impossibleTravel(
  ordered: readonly SignIn[],
  { kmPerHour, minimumKm, assumedRadiusKm }: TravelParameters,
): Verdict[] {
  const located = ordered.flatMap((signIn) =>
    signIn.place?.point ? [{ signIn, point: signIn.place.point }] : [],
  );
  return located.flatMap(({ signIn, point }, index) => {
    const before = located[index - 1];
    if (before === undefined) return [];
    const radii = (before.point.radiusKm ?? assumedRadiusKm) + (point.radiusKm ?? assumedRadiusKm);
    const km = distanceKm(before.point, point) - radii;
    const hours = (signIn.at - before.signIn.at) / hourMs;
    if (km < minimumKm || km <= kmPerHour * hours) return [];
    return [{ signIn, about: null, evidence: [before.signIn, signIn] }];
  });
}

/** The network of an address, coarse enough for a household's to stay the same: /16, or /32 for IPv6. */
export function networkOf({ ipAddress }: SignIn): string | null {
  if (ipAddress === null) return null;
  if (isIPv4(ipAddress)) return `${ipAddress.split('.').slice(0, 2).join('.')}.0.0/16`;
  if (!isIPv6(ipAddress)) return null;
  const [first = '', second = '0'] = ipAddress.split(':');
  return `${first || '0'}:${second || '0'}::/32`;
}

/** A browser or program without its versions, which change by themselves. */
export function programOf({ userAgent }: SignIn): string | null {
  if (userAgent === null) return null;
  const known = programs.get(userAgent);
  if (known !== undefined) return known === '' ? null : known;
  const plain = userAgent
    .replace(/[\d._]+/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 200);
  programs.set(userAgent, plain);
  return plain === '' ? null : plain;
}

/** All of somebody's sign-ins are looked at with each that is new, and most say the same. */
const programs = new LRUCache<string, string>({ max: 5_000 });
