/** How long the parts of one operation take, for a developer who asked: the Server-Timing header (W3C). */
export class Timings {
  readonly #startedAt = performance.now();
  #lastAt = this.#startedAt;
  readonly #parts: string[] = [];

  /** Ends a step that began where the one before ended. @param name a token of HTTP */
  end(name: string): void {
    const now = performance.now();
    this.#add(name, now - this.#lastAt);
    this.#lastAt = now;
  }

  /** @param subgraphs whom each fetch asked, and @param fetchMs how long it took, by its place in the plan */
  addFetches(subgraphs: readonly string[], fetchMs: readonly (number | undefined)[]): void {
    for (const [place, subgraph] of subgraphs.entries()) {
      const durationMs = fetchMs[place];
      if (durationMs !== undefined) this.#add(`fetch-${place}`, durationMs, subgraph);
    }
  }

  /** The header's value, with the whole up to now. */
  header(): string {
    return [...this.#parts, entry('total', performance.now() - this.#startedAt)].join(', ');
  }

  #add(name: string, durationMs: number, description?: string): void {
    this.#parts.push(entry(name, durationMs, description));
  }
}

// Names of subgraphs are words and dashes, so that a quoted string holds them as they are.
function entry(name: string, durationMs: number, description?: string): string {
  const told = description === undefined ? '' : `;desc="${description}"`;
  return `${name};dur=${durationMs.toFixed(3)}${told}`;
}
