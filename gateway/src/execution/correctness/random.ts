// Chance that can be repeated: everything here follows from its seed alone.

/** A well mixed unsigned 32 bit number for a text; the same for the same text, always. */
export function hash(text: string): number {
  let mixed = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    mixed = Math.imul(mixed ^ text.charCodeAt(index), 0x01000193);
  }
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

export interface Random {
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  /** True in `percent` of 100 cases. */
  chance(percent: number): boolean;
  /** @throws when there is nothing to pick from. */
  pick<Item>(items: readonly Item[]): Item;
}

export function createRandom(seed: string): Random {
  let drawn = 0;
  const below = (limit: number): number => {
    drawn += 1;
    return hash(`${seed}/${drawn}`) % limit;
  };
  return {
    below,
    chance: (percent) => below(100) < percent,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new Error('There is nothing to pick from.');
      return item;
    },
  };
}
