// Reports that say the same within a moment, counted instead of told one by one. The first is told at once, so that
// nothing waits for the moment to end; what a holder goes on to repeat is told once a moment.

export interface Gathering<Report> {
  /**
   * Counts one more report of a holder in these words.
   * @returns whether it is the first of its moment: then it counts nowhere, and its caller tells it at once
   */
  add(report: Report, about: { holder: object; words: string }): boolean;
  /** Tells all that was counted. */
  flush(): void;
}

export interface GatheringOptions<Report, Event> {
  /** How long reports are counted before they are told. */
  momentMs: number;
  /** Most different reports that are counted at once; the oldest are told early. */
  most: number;
  /** Makes what stands for all that are counted, from the first of them; undefined where it can't. */
  make(report: Report): Event | undefined;
  tell(made: Event, times: number): void;
}

interface Moment<Event> {
  readonly endsAt: number;
  made: Event | undefined;
  times: number;
}

export function gatherReports<Report, Event>(options: GatheringOptions<Report, Event>): Gathering<Report> {
  const { momentMs, most, make, tell } = options;
  // In the order in which they end.
  const moments = new Map<string, Moment<Event>>();
  const numbers = new WeakMap<object, number>();
  let holders = 0;
  let timer: NodeJS.Timeout | undefined;

  function numberOf(holder: object): number {
    let number = numbers.get(holder);
    if (number === undefined) {
      holders += 1;
      number = holders;
      numbers.set(holder, number);
    }
    return number;
  }

  function begin(key: string): void {
    moments.set(key, { endsAt: performance.now() + momentMs, made: undefined, times: 0 });
    const [oldest] = moments.size > most ? moments : [];
    if (oldest !== undefined) end(...oldest);
  }

  function end(key: string, { made, times }: Moment<Event>): void {
    moments.delete(key);
    if (made !== undefined) tell(made, times);
  }

  function endMoments(): void {
    timer = undefined;
    const now = performance.now();
    for (const [key, moment] of moments) {
      if (moment.endsAt > now) break;
      end(key, moment);
      // What goes on is told once a moment, not twice.
      if (moment.times > 0) begin(key);
    }
    awaitEnd();
  }

  function awaitEnd(): void {
    const [next] = moments.values();
    if (next === undefined || timer !== undefined) return;
    timer = setTimeout(endMoments, Math.ceil(next.endsAt - performance.now())).unref();
  }

  return {
    add(report, { holder, words }) {
      const key = `${numberOf(holder)} ${words}`;
      const moment = moments.get(key);
      if (moment === undefined) {
        begin(key);
        awaitEnd();
        return true;
      }
      moment.made ??= make(report);
      moment.times += 1;
      return false;
    },
    flush() {
      clearTimeout(timer);
      timer = undefined;
      for (const [key, moment] of moments) end(key, moment);
    },
  };
}
