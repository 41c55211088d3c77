// From which networks a tenant's people and programs may ask. What all tenants say is known before anybody is let in, so
// that no request waits for it, and each list is compiled once.
import type { RequestFacts } from '@supergraph/chassis/context';
import { within } from '@supergraph/chassis/deadline';
import { forbidden, type PlatformError, serviceUnavailable } from '@supergraph/chassis/errors';
import { type Networks, readNetworks } from '@supergraph/chassis/networks';
import type { Session } from '../authentication/accessTokens.ts';
import { createAdmission } from '../authentication/admission.ts';
import type { AddressReport } from './reportAddresses.ts';

export interface TenantNetworks {
  tenantId: string;
  /** As `address/bits`; none: from anywhere. */
  networks: readonly string[];
  /** When they were changed last, in milliseconds since the epoch: it grows with each change. */
  changedAt: number;
}

export interface AllowedNetworks {
  /**
   * The session, as long as it may ask from there: who holds on to it is told when it may no more.
   * @throws PlatformError FORBIDDEN from elsewhere, SERVICE_UNAVAILABLE while it is not known; at once or later
   */
  admit(session: Session, from: RequestFacts): Session | Promise<Session>;
  /** Takes note of a tenant's networks, unless newer ones are known. */
  changed(networks: TenantNetworks): void;
  /** Takes note of all tenants that have some. */
  listed(all: readonly TenantNetworks[]): void;
  readonly isKnown: boolean;
}

export interface AllowedNetworksOptions {
  report(denied: AddressReport): void;
  /** What changed within this time is told again after a list of all. */
  rememberedMs: number;
  /** How long somebody waits until it is known. Default 2 s. */
  patienceMs?: number;
}

interface Rule {
  changedAt: number;
  /** Undefined: from anywhere. */
  networks: Networks | undefined;
}

export function createAllowedNetworks(options: AllowedNetworksOptions): AllowedNetworks {
  const { report, rememberedMs, patienceMs = 2_000 } = options;
  const rules = new Map<string, Rule>();
  let becomeKnown: () => void = () => undefined;
  let isKnown = false;
  const known = new Promise<void>((resolve) => {
    becomeKnown = resolve;
  });

  function refusalOf({ viewer }: Session, from: RequestFacts): PlatformError | undefined {
    const networks = rules.get(viewer.tenantId ?? '')?.networks;
    const { ipAddress } = from;
    if (networks === undefined || (ipAddress !== undefined && networks.has(ipAddress))) return undefined;
    report({ viewer, from });
    return forbidden(
      `Your tenant takes requests from its own networks alone, and ${ipAddress ?? 'an unknown address'} is in none of them. Ask from one of these networks, or have an administrator allow yours.`,
    );
  }

  const admission = createAdmission(refusalOf);

  async function admitOnceKnown(session: Session, from: RequestFacts): Promise<Session> {
    await within(patienceMs, known);
    if (isKnown) return admit(session, from);
    throw serviceUnavailable('It cannot be said right now from where you may ask. Try again shortly.');
  }

  function admit(session: Session, from: RequestFacts): Session | Promise<Session> {
    if (session.viewer.tenantId === null) return session;
    if (!isKnown) return admitOnceKnown(session, from);
    return admission.admit(session, from);
  }

  function note({ tenantId, networks, changedAt }: TenantNetworks): void {
    const last = rules.get(tenantId);
    if (last !== undefined && last.changedAt >= changedAt) return;
    rules.set(tenantId, {
      changedAt,
      networks: networks.length === 0 ? undefined : readNetworks(networks),
    });
    admission.look(tenantId);
  }

  return {
    admit,
    changed: note,
    listed(all) {
      const present = new Set(all.map(({ tenantId }) => tenantId));
      const forgotten = Date.now() - rememberedMs;
      // Those that have none any more; what changed since then is told again, and may be newer than the list.
      for (const [tenantId, { changedAt }] of rules)
        if (!present.has(tenantId) && changedAt < forgotten) rules.delete(tenantId);
      for (const each of all) note(each);
      isKnown = true;
      becomeKnown();
    },
    get isKnown() {
      return isKnown;
    },
  };
}
