// When an undelivered mail is tried again, and when never.

const retryDelaysSeconds = [5, 30, 120, 600, 1_800] as const;

/** The wait after the nth failed attempt: 5 s, 30 s, 2 min, 10 min, then every half hour until the mail expires. */
export function retryDelayMs(attempts: number): number {
  const index = Math.min(Math.max(attempts, 1), retryDelaysSeconds.length) - 1;
  return (retryDelaysSeconds[index] ?? 0) * 1_000;
}

/**
 * Whether the server refused this very mail for good: its address or its content, by a 5xx (RFC 5321, 4.2.1). That
 * our own credentials are refused is for us to put right, so those mails wait.
 */
export function isRefusedForGood(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, responseCode } = error as Error & { code?: unknown; responseCode?: unknown };
  const isAboutTheMail = code === 'EENVELOPE' || code === 'EMESSAGE';
  return isAboutTheMail && typeof responseCode === 'number' && responseCode >= 500;
}

/** Names that others chose, within one line of a mail: no line breaks, nothing invisible, not endless. */
export function inline(name: string): string {
  return name
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 100);
}
