// Who and what tenants block, and whom they never do, as sentinel tells it: by events, and when it is asked.
import type { RequestFacts } from '@supergraph/chassis/context';
import { within } from '@supergraph/chassis/deadline';
import { forbidden, type PlatformError } from '@supergraph/chassis/errors';
import { type Networks, readNetworks } from '@supergraph/chassis/networks';
import { platformTenantId } from '@supergraph/chassis/tenancy';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Session } from '../authentication/accessTokens.ts';
import { createAdmission } from '../authentication/admission.ts';

export interface AccessRule {
  ruleId: string;
  tenantId: string;
  effect: 'BLOCK' | 'ALLOW';
  kind: 'PERSON' | 'CLIENT' | 'NETWORK';
  /** The person's or program's id, or the network as `address/bits`. */
  value: string;
  /** Milliseconds since the epoch; Infinity for never. */
  until: number;
}

export interface AccessRules {
  /**
   * The session, as long as nobody blocks it: who holds on to it is told when somebody does.
   * @throws PlatformError FORBIDDEN where it is blocked, at once or later
   */
  admit(session: Session, from: RequestFacts): Session | Promise<Session>;
  /** Takes note of a rule that holds from now on, or no more. */
  changed(rule: AccessRule, options: { isActive: boolean }): void;
  /** Takes note of all rules that hold, as of `askedAt` by `performance.now()`. */
  listed(all: readonly AccessRule[], options: { askedAt: number }): void;
  readonly isKnown: boolean;
}

/** Whoever may lift blocks gets in from anywhere and by any program: a block by network or program keeps no owner out. */
const lifting = 'allow-list-entry:write';

interface Known {
  rule: AccessRule;
  /** Of a network. */
  networks: Networks | undefined;
}

export interface AccessRulesOptions {
  /** How long somebody waits until it is known; then nobody is blocked. Default 2 s. */
  patienceMs?: number;
}

export function createAccessRules({ patienceMs = 2_000 }: AccessRulesOptions = {}): AccessRules {
  const tenants = new Map<string, Map<string, Known>>();
  /** When each was told by an event last, by `performance.now()`: a list that was read before says nothing of it. */
  const heard = new Map<string, number>();
  const admission = createAdmission(refusalOf);
  let isKnown = false;
  let becomeKnown: () => void = () => undefined;
  const known = new Promise<void>((resolve) => {
    becomeKnown = resolve;
  });

  function refusalOf({ viewer }: Session, from: RequestFacts): PlatformError | undefined {
    const own = tenants.get(viewer.tenantId ?? '');
    const everybodys = tenants.get(platformTenantId);
    if (own === undefined && everybodys === undefined) return undefined;
    const now = Date.now();
    const isPlatforms = (each: Known) => each.rule.kind === 'NETWORK';
    const blocked =
      isBlocked([...(own?.values() ?? [])], { viewer, from, now }) ||
      // What the platform's own tenant says of networks holds for all.
      (viewer.tenantId !== platformTenantId &&
        isBlocked([...(everybodys?.values() ?? [])].filter(isPlatforms), { viewer, from, now }));
    return blocked
      ? forbidden(
          'You are blocked here, because of something that was found. Ask who watches over your tenant.',
        )
      : undefined;
  }

  function forget(ruleId: string): string | undefined {
    for (const [tenantId, rules] of tenants) {
      if (!rules.delete(ruleId)) continue;
      if (rules.size === 0) tenants.delete(tenantId);
      return tenantId;
    }
    return undefined;
  }

  function note(rule: AccessRule): void {
    const rules = tenants.get(rule.tenantId) ?? new Map<string, Known>();
    tenants.set(rule.tenantId, rules);
    const networks = rule.kind === 'NETWORK' ? readNetworks([rule.value]) : undefined;
    rules.set(rule.ruleId, { rule, networks });
  }

  const concerned = (tenantId: string) => (tenantId === platformTenantId ? null : tenantId);

  return {
    admit(session, from) {
      if (isKnown) return admission.admit(session, from);
      // Sentinel being away keeps nobody out; only whoever comes at the very start waits for what it says.
      return within(patienceMs, known).then(() => admission.admit(session, from));
    },
    changed(rule, { isActive }) {
      heard.set(rule.ruleId, performance.now());
      if (isActive) note(rule);
      else forget(rule.ruleId);
      admission.look(concerned(rule.tenantId));
    },
    listed(all, { askedAt }) {
      const isOlder = (ruleId: string) => (heard.get(ruleId) ?? Number.NEGATIVE_INFINITY) < askedAt;
      const listed = new Set(all.map(({ ruleId }) => ruleId));
      for (const rules of [...tenants.values()])
        for (const ruleId of [...rules.keys()]) if (!listed.has(ruleId) && isOlder(ruleId)) forget(ruleId);
      for (const rule of all) if (isOlder(rule.ruleId)) note(rule);
      for (const [ruleId, at] of heard) if (at < askedAt) heard.delete(ruleId);
      isKnown = true;
      becomeKnown();
      admission.look(null);
    },
    get isKnown() {
      return isKnown;
    },
  };
}

interface Asking {
  viewer: Viewer;
  from: RequestFacts;
  now: number;
}

/** An allow rule wins over every block. */
function isBlocked(rules: readonly Known[], asking: Asking): boolean {
  const meant = rules.filter((known) => known.rule.until > asking.now && means(known, asking));
  if (meant.some(({ rule }) => rule.effect === 'ALLOW')) return false;
  const mayLift = asking.viewer.permissions.has(lifting) && asking.viewer.subject.startsWith('per_');
  return meant.some(({ rule }) => rule.kind === 'PERSON' || !mayLift);
}

function means({ rule, networks }: Known, { viewer, from }: Asking): boolean {
  switch (rule.kind) {
    case 'PERSON':
      return viewer.subject === rule.value;
    case 'CLIENT':
      return [viewer.clientId, viewer.actorId, viewer.subject].includes(rule.value);
    case 'NETWORK':
      return from.ipAddress !== undefined && networks?.has(from.ipAddress) === true;
  }
}
