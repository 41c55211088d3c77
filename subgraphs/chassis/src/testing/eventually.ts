/**
 * For tests only: waits until `probe` neither throws nor answers false, and returns its answer. Looks often,
 * so that a test takes no longer than what it waits for.
 * @throws the probe's last error, or one saying that it stayed false, after `timeoutMs` (default 30,000).
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { timeoutMs = 30_000 }: { timeoutMs?: number } = {},
): Promise<Exclude<T, false>> {
  const giveUpAt = performance.now() + timeoutMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await probe();
      if (answer !== false) return answer as Exclude<T, false>; // false was just excluded
      failure = new Error(`The condition did not hold within ${timeoutMs} ms.`);
    } catch (error) {
      failure = error;
    }
    if (performance.now() > giveUpAt) throw failure;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
