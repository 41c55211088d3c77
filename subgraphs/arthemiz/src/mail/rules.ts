// When an undelivered mail is tried again.

const retryDelaysSeconds = [5, 30, 120, 600, 1_800] as const;

/** The wait after the nth failed attempt: 5 s, 30 s, 2 min, 10 min, then every half hour until the mail expires. */
export function retryDelayMs(attempts: number): number {
  const index = Math.min(Math.max(attempts, 1), retryDelaysSeconds.length) - 1;
  return (retryDelaysSeconds[index] ?? 0) * 1_000;
}

/** Names that others chose, within one line of a mail: no line breaks, nothing invisible, not endless. */
export function inline(name: string): string {
  return name
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 100);
}
