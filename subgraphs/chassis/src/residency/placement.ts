// Where the running code's work goes when tenants' data lies in several regions, whether it may, and what is under way.
// Answers at once, from what the directory's follower (follower.ts) keeps in memory.
import type { Connection } from 'mongoose';
import { within } from '../deadline.ts';
import { PlatformError } from '../errors.ts';
import type { Inbox } from '../inbox.ts';
import type { Outbox } from '../outbox.ts';
import { currentScope, platformTenantId, TenancyError } from '../tenancy.ts';
import { accessOf, isAbsent, isCopied, type Residence } from './rules.ts';

/** One of the places where tenants' data lies, with what the chassis keeps beside it. */
export interface Region {
  readonly name: string;
  readonly connection: Connection;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
}

export type Intent = 'read' | 'write';

/** Work that was let in; `leave` once it is over. */
export interface Stay {
  readonly region: Region;
  leave(): void;
}

/** The tenant is between two regions; a moment later the same will work. */
export class TenantMoving extends PlatformError {
  override readonly name = 'TenantMoving';

  constructor() {
    super('SERVICE_UNAVAILABLE', "The tenant's data is being moved. Try again in a moment.", {
      extensions: { retryAfterSeconds: 1 },
    });
  }
}

/** It is not known where the tenant's data lies: it was created this moment, or the directory can't be read. */
export class RegionUnknown extends PlatformError {
  override readonly name = 'RegionUnknown';

  constructor(why: string) {
    super(
      'SERVICE_UNAVAILABLE',
      `The tenant's data cannot be reached right now: ${why}. Try again in a moment.`,
      {
        extensions: { retryAfterSeconds: 1 },
      },
    );
  }
}

export interface Placement {
  readonly home: Region;
  readonly regions: readonly Region[];
  /** Lets the scope's work in. @throws TenantMoving, RegionUnknown; TenancyError when the scope names no region */
  enter(intent: Intent): Stay;
  /** Of a region, the tenants whose documents there don't count now. */
  absentFrom(region: Region, intent: Intent): readonly string[];
  /** Whether a tenant is between two regions at this moment, so that its documents are seen in neither. */
  isAnyClosed(): boolean;
  /** @throws when the tenant's documents may not be added in this region */
  demandResident(tenantId: string, region: Region): void;
  /** Whether the tenant is known to live in another region than this one. */
  livesElsewhere(tenantId: string, region: Region): boolean;
  /** Whether it is known where the tenant lives. */
  knows(tenantId: string): boolean;
  /** For the follower: what is known from now on, and until when (`performance.now()`). */
  know(residences: readonly Residence[]): void;
  trustUntil(moment: number): void;
  /** Settles when nothing is under way any more that what is known now would refuse. */
  drained(residences: readonly Residence[]): Promise<void>;
}

interface Underway {
  tenantId: string | undefined;
  region: Region;
  intent: Intent;
  over: Array<() => void>;
}

/** A cursor that nobody reads to its end and nobody closes must not hold up a move for ever. */
const longestReadMs = 30_000;

export function createPlacement(home: Region, others: readonly Region[]): Placement {
  const regions = [home, ...others];
  const byName = new Map(regions.map((region) => [region.name, region]));
  const known = new Map<string, Residence>();
  const moving = new Map<string, Residence>();
  const underway = new Set<Underway>();
  let trustedUntil = Number.NEGATIVE_INFINITY;

  const regionNamed = (name: string): Region => {
    const region = byName.get(name);
    if (region === undefined) throw new RegionUnknown(`this service has no region ${name}`);
    return region;
  };

  const demandTrust = () => {
    if (performance.now() > trustedUntil) throw new RegionUnknown('where it lies could not be confirmed');
  };

  const regionOfTenant = (tenantId: string, intent: Intent): Region => {
    if (tenantId === platformTenantId) return home;
    demandTrust();
    const residence = known.get(tenantId);
    if (residence === undefined) throw new RegionUnknown('its region is not known yet');
    const access = accessOf(residence);
    if (access === 'closed' || (access === 'reads' && intent === 'write')) throw new TenantMoving();
    return regionNamed(residence.region);
  };

  const regionOfScope = (intent: Intent): Region => {
    const scope = currentScope();
    if (scope === undefined) return home;
    if (scope.tenantId !== undefined) return regionOfTenant(scope.tenantId, intent);
    if (scope.region === undefined) {
      throw new TenancyError(
        `Work across tenants (${scope.reason}) must name its region: there are several.`,
      );
    }
    demandTrust();
    return regionNamed(scope.region);
  };

  return {
    home,
    regions,
    enter(intent) {
      const region = regionOfScope(intent);
      const stay: Underway = { tenantId: currentScope()?.tenantId, region, intent, over: [] };
      underway.add(stay);
      return {
        region,
        leave() {
          if (underway.delete(stay)) for (const tell of stay.over) tell();
        },
      };
    },
    absentFrom: ({ name }, intent) =>
      [...moving.values()]
        .filter((residence) => isAbsent(residence, name) && !(intent === 'read' && isCopied(residence, name)))
        .map(({ _id }) => _id),
    isAnyClosed: () => [...moving.values()].some((residence) => accessOf(residence) === 'closed'),
    demandResident(tenantId, region) {
      if (regionOfTenant(tenantId, 'write') !== region) {
        throw new TenancyError(`Tenant ${tenantId} does not live in region ${region.name}.`);
      }
    },
    livesElsewhere: (tenantId, { name }) => (known.get(tenantId)?.region ?? name) !== name,
    knows: (tenantId) => known.has(tenantId),
    know(residences) {
      for (const residence of residences) {
        known.set(residence._id, residence);
        if (residence.move === null) moving.delete(residence._id);
        else moving.set(residence._id, residence);
      }
    },
    trustUntil(moment) {
      trustedUntil = moment;
    },
    async drained(residences) {
      const refused = [...underway].filter((stay) =>
        residences.some((residence) => refuses(residence, stay)),
      );
      const over = (intent: Intent) =>
        Promise.all(
          refused
            .filter((stay) => stay.intent === intent)
            .map((stay) => new Promise<void>((resolve) => stay.over.push(resolve))),
        );
      const reads = over('read');
      await over('write');
      await within(longestReadMs, reads);
    },
  };
}

function refuses(residence: Residence, { tenantId, region, intent }: Underway): boolean {
  const access = accessOf(residence);
  if (access === 'open') return false;
  const concerns = tenantId === undefined ? isAbsent(residence, region.name) : tenantId === residence._id;
  return concerns && (intent === 'write' || access === 'closed');
}
