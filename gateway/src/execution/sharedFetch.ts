import type { Interruption } from './resilience/interruption.ts';
import { SubgraphUnavailable } from './subgraphUnavailable.ts';

export interface SharedFetchOptions {
  subgraph: string;
  answer: Promise<string>;
  interruption: Interruption;
}

/** A fetch under way, with all who wait for it. It is given up when the last of them has left. */
export class SharedFetch {
  readonly interruption: Interruption;
  readonly #options: SharedFetchOptions;
  #waiting = 0;

  constructor(options: SharedFetchOptions) {
    this.#options = options;
    this.interruption = options.interruption;
  }

  /** Whether it will bring an answer, as far as is known. */
  get isOpen(): boolean {
    return this.interruption.reason === undefined;
  }

  /** @returns its answer. @throws SubgraphUnavailable, `left` as soon as the signal is aborted. */
  join(signal: AbortSignal | undefined): Promise<string> {
    this.#waiting += 1;
    const { subgraph, answer, interruption } = this.#options;
    if (signal === undefined) return answer;
    return new Promise((resolve, reject) => {
      const leave = () => {
        const left = new SubgraphUnavailable(subgraph, 'left');
        reject(left);
        this.#waiting -= 1;
        if (this.#waiting === 0) interruption.interrupt(left);
      };
      signal.addEventListener('abort', leave, { once: true });
      const stay = () => signal.removeEventListener('abort', leave);
      answer.then(
        (text) => {
          stay();
          resolve(text);
        },
        (error: unknown) => {
          stay();
          reject(error);
        },
      );
    });
  }
}
