// A role for a while: asked for by the person, approved by somebody else, over by itself.

/** Shorter, and nobody gets anything done; longer, and it is no exception any more. */
export const minutesAllowed = { least: 5, most: 480 };
/** A request that nobody answers lapses: what it was for is over. */
export const answerWithinHours = 24;
/** So many of one person wait for an answer or hold at most. */
export const maximumOpen = 5;
/** They are looked up for so long; events tell of them for good. */
export const keepDays = 90;

export type ElevationStatus = 'REQUESTED' | 'LAPSED' | 'WITHDRAWN' | 'DECLINED' | 'ACTIVE' | 'ENDED';

export interface ElevationTimes {
  outcome?: 'approved' | 'declined' | 'withdrawn' | null;
  requestedAt: Date;
  /** Of an approved one. */
  endsAt?: Date | null;
}

/** What an elevation is at an instant: it follows from stored times, so that its end needs nobody to write it down. */
export function statusAt({ outcome, requestedAt, endsAt }: ElevationTimes, now: Date): ElevationStatus {
  switch (outcome) {
    case 'declined':
      return 'DECLINED';
    case 'withdrawn':
      return 'WITHDRAWN';
    case 'approved':
      return endsAt && now < endsAt ? 'ACTIVE' : 'ENDED';
    default:
      return requestedAt > oldestOpen(now) ? 'REQUESTED' : 'LAPSED';
  }
}

/** Requests from before have lapsed. */
export function oldestOpen(now: Date): Date {
  return new Date(now.getTime() - answerWithinHours * 3_600_000);
}

/** Those that wait for an answer or are held at an instant, as a filter. */
export function openAt(now: Date) {
  return {
    $or: [
      { outcome: null, requestedAt: { $gt: oldestOpen(now) } },
      { outcome: 'approved' as const, endsAt: { $gt: now } },
    ],
  };
}

export function endOf({ minutes }: { minutes: number }, approvedAt: Date): Date {
  return new Date(approvedAt.getTime() + minutes * 60_000);
}
