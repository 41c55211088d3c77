// One after the other, tenant by tenant. What belongs to one finding is written by one transaction at a time anyway; begun
// together, all but one would be begun again and again.

/** Runs work of one name after what was asked of it before; that of different names at once. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(name: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(name) ?? Promise.resolve();
    const done = before.then(work, work);
    const settled = done
      .catch(() => undefined)
      .finally(() => {
        if (this.#last.get(name) === settled) this.#last.delete(name);
      });
    this.#last.set(name, settled);
    return done;
  }
}
