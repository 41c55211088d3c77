// What waits, by tenant: taken from each in turn, and where it gets too much, from the one that has most. A flood of one
// tenant then pushes out nobody else's.
import { TransientMap } from '@supergraph/chassis/transient';

export interface OfTenant {
  readonly tenantId: string;
}

export class FairQueue<Item extends OfTenant> {
  readonly #most: number;
  /** The tenant whose turn it is comes first. */
  readonly #tenants = new TransientMap<string, Item[]>();
  #length = 0;

  /** @param options `most`: how many wait at most */
  constructor({ most }: { most: number }) {
    this.#most = most;
  }

  get length(): number {
    return this.#length;
  }

  /** @returns what gives way to it, if anything: the oldest of the tenant that has most */
  add(item: Item): Item | undefined {
    const items = this.#tenants.get(item.tenantId);
    if (items === undefined) this.#tenants.set(item.tenantId, [item]);
    else items.push(item);
    this.#length += 1;
    return this.#length > this.#most ? this.#takeFrom(this.#fullest()) : undefined;
  }

  /** The oldest of the tenant whose turn it is. */
  take(): Item | undefined {
    const next = this.#tenants.first();
    if (next === undefined) return undefined;
    const [tenantId, items] = next;
    const item = this.#takeFrom(tenantId);
    // Behind the others.
    if (items.length > 0) {
      this.#tenants.delete(tenantId);
      this.#tenants.set(tenantId, items);
    }
    return item;
  }

  *[Symbol.iterator](): Iterator<Item> {
    for (const [, items] of this.#tenants) yield* items;
  }

  #takeFrom(tenantId: string | undefined): Item | undefined {
    if (tenantId === undefined) return undefined;
    const items = this.#tenants.get(tenantId);
    const item = items?.shift();
    if (item === undefined) return undefined;
    this.#length -= 1;
    if (items?.length === 0) this.#tenants.delete(tenantId);
    return item;
  }

  #fullest(): string | undefined {
    let fullest: string | undefined;
    let most = 0;
    for (const [tenantId, { length }] of this.#tenants) {
      if (length <= most) continue;
      fullest = tenantId;
      most = length;
    }
    return fullest;
  }
}
