// Work that several wait for: whoever asks for the same while it is under way waits for its answer, and it is given up
// when the last of them has left.

import { TransientMap } from '@supergraph/chassis/transient';
import type { FetchingViewer } from './fetchingViewers.ts';
import type { Cancellation } from './resilience/cancellation.ts';

export interface SharedWorkOptions<T> {
  answer: Promise<T>;
  /** Whether it will bring an answer, as far as is known. */
  isOpen(): boolean;
  /** Ends it: nobody waits any more. */
  giveUp(): void;
}

export class SharedWork<T> {
  readonly #options: SharedWorkOptions<T>;
  #waiting = 0;

  constructor(options: SharedWorkOptions<T>) {
    this.#options = options;
  }

  get isOpen(): boolean {
    return this.#options.isOpen();
  }

  get answer(): Promise<T> {
    return this.#options.answer;
  }

  /** Counts somebody in who waits. @returns how they leave */
  enter(): () => void {
    this.#waiting += 1;
    let isWaiting = true;
    return () => {
      if (!isWaiting) return;
      isWaiting = false;
      this.#waiting -= 1;
      if (this.#waiting === 0) this.#options.giveUp();
    };
  }

  /** @param gone cancelled when this one does not wait any more. @throws what `left` says, as soon as that is so */
  join(gone: Cancellation | undefined, left: () => Error): Promise<T> {
    const leave = this.enter();
    const { answer } = this.#options;
    if (gone === undefined) return answer;
    if (gone.isCancelled) {
      leave();
      return Promise.reject(left());
    }
    return new Promise((resolve, reject) => {
      const leaveEarly = () => {
        reject(left());
        leave();
      };
      gone.listen(leaveEarly);
      const stay = () => gone.ignore(leaveEarly);
      answer.then(
        (value) => {
          stay();
          resolve(value);
        },
        (error: unknown) => {
          stay();
          reject(error);
        },
      );
    });
  }
}

export interface WorkToShare<T> {
  /** Equal for what is answered alike, apart from the viewer and their address. */
  key: string;
  viewer: Pick<FetchingViewer, 'mutationsEnded'>;
  /** A resolver may look at it. */
  ipAddress: string | undefined;
  begin(): SharedWork<T>;
}

interface Known<T> {
  work: SharedWork<T>;
  /** The viewer's when it began: what was asked before one of their mutations ended may be out of date. */
  mutationsEnded: number;
  ipAddress: string | undefined;
}

/** What is under way for one viewer. */
export class WorkUnderWay<T> {
  readonly #known = new TransientMap<string, Known<T>>();

  /** The work under way that brings what is asked for, or else begins it. */
  find({ key, viewer, ipAddress, begin }: WorkToShare<T>): SharedWork<T> {
    const { mutationsEnded } = viewer;
    const known = this.#known.get(key);
    if (known?.work.isOpen && known.mutationsEnded === mutationsEnded && known.ipAddress === ipAddress)
      return known.work;
    const begun = { work: begin(), mutationsEnded, ipAddress };
    this.#known.set(key, begun);
    const forget = () => {
      if (this.#known.get(key) === begun) this.#known.delete(key);
    };
    begun.work.answer.then(forget, forget);
    return begun.work;
  }
}
