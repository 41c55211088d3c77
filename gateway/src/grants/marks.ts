// Which access tokens no longer say what holds: those issued before a change that concerns their subject. Pure.
import type { GrantChange } from './changes.ts';

/** What changed since a token was issued. */
export interface Mark {
  /** Grows with each change: what was read before the last one is too old. */
  readonly version: number;
  /** What may have been taken away; null where it is not known, and may be anything. */
  readonly rolesRemoved: ReadonlySet<string> | null;
  readonly permissionsRemoved: ReadonlySet<string> | null;
}

export interface Bearer {
  subject: string;
  /** Who acts for the subject: what changes for one of them changes what both may. */
  actorId?: string | undefined;
  tenantId: string | null;
  /** When the token was issued, in milliseconds since the epoch. */
  issuedAt: number;
}

export interface MarksOptions {
  /** How long tokens live; a change that is older concerns nobody. */
  lifetimeMs: number;
  /** Most subjects of one tenant, and most tenants, told apart. Default 1,000 and 10,000. */
  maximumSubjects?: number;
  maximumTenants?: number;
}

/**
 * A token is issued some moments after what it says was read, by another clock than the change's: one that was issued
 * so shortly after a change may still be of before it.
 */
const issuingMs = 15_000;

interface Change {
  version: number;
  changedAt: number;
  rolesRemoved: Set<string> | null;
  permissionsRemoved: Set<string> | null;
}

interface TenantChanges {
  everybody: Change | undefined;
  subjects: Map<string, Change>;
}

export class Marks {
  readonly #options: Required<MarksOptions>;
  readonly #tenants = new Map<string, TenantChanges>();
  #everywhere: Change | undefined;
  #version = 0;

  constructor(options: MarksOptions) {
    this.#options = { maximumSubjects: 1_000, maximumTenants: 10_000, ...options };
  }

  /** Whether every token says what holds. */
  get isEmpty(): boolean {
    return this.#tenants.size === 0 && this.#everywhere === undefined;
  }

  /** @returns false for a change that was known */
  add(change: GrantChange, { isNew }: { isNew: boolean }): boolean {
    const tenant = this.#tenant(change.tenantId);
    if (tenant === undefined) return this.#note('everywhere', change, isNew);
    const isForOne = change.subject !== null && this.#hasRoom(tenant, change.subject);
    const known = isForOne ? tenant.subjects.get(change.subject ?? '') : tenant.everybody;
    if (!isNew && known && covers(known, change)) return false;
    const noted = this.#merged(known, change);
    if (isForOne && change.subject !== null) tenant.subjects.set(change.subject, noted);
    else tenant.everybody = noted;
    return true;
  }

  /** From now on nothing is known of what earlier tokens say. */
  doubtAll(changedAt: number): void {
    this.#version += 1;
    this.#everywhere = { version: this.#version, changedAt, rolesRemoved: null, permissionsRemoved: null };
  }

  /** Undefined for a token that says what holds. */
  of({ subject, actorId, tenantId, issuedAt }: Bearer): Mark | undefined {
    if (tenantId === null) return undefined;
    const tenant = this.#tenants.get(tenantId);
    const ofActor = actorId === undefined ? undefined : tenant?.subjects.get(actorId);
    const changes = [this.#everywhere, tenant?.everybody, tenant?.subjects.get(subject), ofActor].filter(
      (change) => change !== undefined && issuedAt <= change.changedAt + issuingMs,
    );
    const [first, ...others] = changes;
    return first && others.reduce<Mark>((sum, change) => (change ? union(sum, change) : sum), first);
  }

  /** Forgets what no living token remembers. */
  forget(now: number): void {
    const isOver = (change: Change | undefined) =>
      change === undefined || change.changedAt + this.#options.lifetimeMs + issuingMs < now;
    if (isOver(this.#everywhere)) this.#everywhere = undefined;
    for (const [tenantId, tenant] of this.#tenants) {
      if (isOver(tenant.everybody)) tenant.everybody = undefined;
      for (const [subject, change] of tenant.subjects) if (isOver(change)) tenant.subjects.delete(subject);
      if (tenant.everybody === undefined && tenant.subjects.size === 0) this.#tenants.delete(tenantId);
    }
  }

  #tenant(tenantId: string): TenantChanges | undefined {
    const known = this.#tenants.get(tenantId);
    if (known !== undefined) return known;
    if (this.#tenants.size >= this.#options.maximumTenants) return undefined;
    const tenant = { everybody: undefined, subjects: new Map<string, Change>() };
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }

  /** Beyond a number of subjects, everybody of the tenant counts as concerned. */
  #hasRoom({ subjects }: TenantChanges, subject: string): boolean {
    return subjects.has(subject) || subjects.size < this.#options.maximumSubjects;
  }

  #note(_where: 'everywhere', change: GrantChange, isNew: boolean): boolean {
    if (!isNew && this.#everywhere && covers(this.#everywhere, change)) return false;
    this.#everywhere = this.#merged(this.#everywhere, change);
    return true;
  }

  #merged(known: Change | undefined, change: GrantChange): Change {
    this.#version += 1;
    return {
      version: this.#version,
      changedAt: Math.max(known?.changedAt ?? 0, change.changedAt),
      rolesRemoved: sum(known, change.rolesRemoved, 'rolesRemoved'),
      permissionsRemoved: sum(known, change.permissionsRemoved, 'permissionsRemoved'),
    };
  }
}

type Removed = 'rolesRemoved' | 'permissionsRemoved';

function sum(known: Change | undefined, more: readonly string[], which: Removed): Set<string> | null {
  if (known === undefined) return new Set(more);
  const before = known[which];
  return before === null ? null : new Set([...before, ...more]);
}

function covers(known: Change, change: GrantChange): boolean {
  const holds = (before: ReadonlySet<string> | null, more: readonly string[]) =>
    before === null || more.every((one) => before.has(one));
  return (
    known.changedAt >= change.changedAt &&
    holds(known.rolesRemoved, change.rolesRemoved) &&
    holds(known.permissionsRemoved, change.permissionsRemoved)
  );
}

function union(a: Mark, b: Mark): Mark {
  const both = (one: ReadonlySet<string> | null, other: ReadonlySet<string> | null) =>
    one === null || other === null ? null : new Set([...one, ...other]);
  return {
    version: Math.max(a.version, b.version),
    rolesRemoved: both(a.rolesRemoved, b.rolesRemoved),
    permissionsRemoved: both(a.permissionsRemoved, b.permissionsRemoved),
  };
}
