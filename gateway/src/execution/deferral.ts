// The deferred parts of one execution: what of their data is on its way, and who waits for it.
import type { GraphQLFormattedError } from 'graphql';

export class Deferral {
  /** Fetches of a part that the plan has, by the number of its `@defer`. */
  readonly #planned: ReadonlyMap<number, number>;
  readonly #ended = new Map<number, number>();
  readonly #errors = new Map<number, GraphQLFormattedError[]>();
  readonly #fetches = new Map<string, Awaited>();
  #waiting: { part: number; goOn: () => void }[] = [];
  #underWay = 0;

  /** @param planned how many blocks of the plan bring data of a part, by the number of its `@defer` */
  constructor(planned: ReadonlyMap<number, number>) {
    this.#planned = planned;
  }

  /** What subgraphs said while they were asked for a part. */
  errorsOf(part: number): GraphQLFormattedError[] {
    let errors = this.#errors.get(part);
    if (errors === undefined) {
      errors = [];
      this.#errors.set(part, errors);
    }
    return errors;
  }

  /** Follows the work on a block. A block within another begins before that one ends. */
  async follow(part: number, block: Promise<void>): Promise<void> {
    this.#underWay += 1;
    try {
      await block;
    } finally {
      this.#underWay -= 1;
      this.#ended.set(part, (this.#ended.get(part) ?? 0) + 1);
      const ready = this.#waiting.filter((each) => this.#isReady(each.part));
      this.#waiting = this.#waiting.filter((each) => !ready.includes(each));
      for (const { goOn } of ready) goOn();
    }
  }

  /** Settled when there is nothing more to come for a part. To be asked when what holds it has been told. */
  ready(part: number): Promise<void> {
    if (this.#isReady(part)) return Promise.resolve();
    return new Promise((goOn) => this.#waiting.push({ part, goOn }));
  }

  // Blocks under a condition that does not hold never begin.
  #isReady(part: number): boolean {
    return this.#underWay === 0 || (this.#ended.get(part) ?? 0) >= (this.#planned.get(part) ?? 0);
  }

  /** Settled when a fetch, by its id in the plan, has ended. */
  fetched(id: string): Promise<void> {
    return this.#fetch(id).ended;
  }

  endFetch(id: string): void {
    this.#fetch(id).end();
  }

  #fetch(id: string): Awaited {
    let fetch = this.#fetches.get(id);
    if (fetch === undefined) {
      let end: () => void = () => undefined;
      const ended = new Promise<void>((resolve) => {
        end = resolve;
      });
      fetch = { ended, end };
      this.#fetches.set(id, fetch);
    }
    return fetch;
  }
}

interface Awaited {
  ended: Promise<void>;
  end: () => void;
}
