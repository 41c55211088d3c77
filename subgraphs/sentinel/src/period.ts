// From one instant on and before another, as a MongoDB query.

export interface Period {
  /** From this instant on; null and absent: from the first. */
  since?: Date | null | undefined;
  /** Before this instant; null and absent: to the last. */
  until?: Date | null | undefined;
}

/** What `occurredAt` has to be; no condition where the period is open at both ends. */
export function occurredWithin({ since, until }: Period) {
  if (!since && !until) return {};
  return { occurredAt: { ...(since ? { $gt: justBefore(since) } : {}), ...(until ? { $lt: until } : {}) } };
}

/**
 * Instants are whole milliseconds, so that "after the one before" is "from this one on". Said so because secantusd
 * (DESIGN.md, backing services) loses the bound itself to `$gte` where an index ends in further fields.
 */
function justBefore(instant: Date): Date {
  return new Date(instant.getTime() - 1);
}
