// Who counts as a member now: not who is suspended, nor who was announced and has not shown up yet.

/** The same as a filter of memberships. */
export const presentMembers = { isAwaited: { $ne: true }, suspendedAt: null } as const;

export function isPresent({
  isAwaited,
  suspendedAt,
}: {
  isAwaited?: boolean | null;
  suspendedAt?: Date | null;
}): boolean {
  return isAwaited !== true && (suspendedAt ?? null) === null;
}
