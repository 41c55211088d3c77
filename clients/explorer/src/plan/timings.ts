// How long the parts of an operation took, as the gateway says in a response's Server-Timing header.

export interface Timings {
  /** Milliseconds of the whole operation at the gateway. */
  totalMs: number | null;
  /** Steps before the fetches and after them: name → milliseconds. */
  steps: ReadonlyMap<string, number>;
  /** A fetch's place in the plan → milliseconds. One that did not run has none. */
  fetches: ReadonlyMap<number, number>;
}

/** The parts of `Server-Timing` (W3C) that have a duration. Null where the header says nothing. */
export function readTimings(header: string | null): Timings | null {
  const entries = [...(header ?? '').matchAll(/([\w-]+)((?:\s*;\s*\w+=(?:"[^"]*"|[^;,\s]*))*)/g)].flatMap(
    ([, name = '', parameters = '']) => {
      const duration = /;\s*dur=([\d.]+)/.exec(parameters)?.[1];
      return duration === undefined ? [] : [[name, Number(duration)] as const];
    },
  );
  if (entries.length === 0) return null;
  const fetches = new Map<number, number>();
  const steps = new Map<string, number>();
  for (const [name, durationMs] of entries) {
    const place = /^fetch-(\d+)$/.exec(name)?.[1];
    if (place !== undefined) fetches.set(Number(place), durationMs);
    else if (name !== 'total') steps.set(name, durationMs);
  }
  return { totalMs: new Map(entries).get('total') ?? null, steps, fetches };
}

/** A duration as people read it. */
export function inMilliseconds(durationMs: number): string {
  return `${durationMs < 10 ? durationMs.toFixed(1) : Math.round(durationMs)} ms`;
}
