// What a person sees while things install and start: on a terminal one moving line and a line for each thing done; in a
// log, plain lines.
export interface Progress {
  /** Shows the task while it runs and how long it took. */
  task<T>(title: string, work: () => Promise<T>): Promise<T>;
  /** Shows a line. */
  say(text: string): void;
}

export interface ProgressOutput {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

export const silent: Progress = { task: (_title, work) => work(), say: () => undefined };

export function showProgress(
  output: ProgressOutput,
  env: Record<string, string | undefined> = process.env,
): Progress {
  const running = new Map<symbol, { title: string; began: number; told: number }>();
  const isLive = output.isTTY === true && env.TERM !== 'dumb';
  const hasColour = isLive && env.NO_COLOR === undefined;
  const mark = (ok: 'done' | 'failed') =>
    hasColour ? (ok === 'done' ? '\u001b[32m✓\u001b[0m' : '\u001b[31m✗\u001b[0m') : ok === 'done' ? '✓' : '✗';
  let ticker: NodeJS.Timeout | undefined;

  const seconds = (began: number) => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const clear = () => (isLive ? '\r\u001b[2K' : '');
  const status = () => {
    const text = [...running.values()].map(({ title, began }) => `${title} ${seconds(began)}`).join(' · ');
    return isLive && running.size > 0 ? `… ${text}`.slice(0, (output.columns ?? 80) - 1) : '';
  };
  const line = (text: string) => output.write(`${clear()}${text}\n${status()}`);
  const tick = () => {
    if (isLive) output.write(clear() + status());
    else
      for (const task of running.values()) {
        if (performance.now() - task.told < 10_000) continue;
        task.told = performance.now();
        line(`  ${task.title}: still at it, ${seconds(task.began)}`);
      }
  };

  return {
    say: line,
    async task(title, work) {
      const key = Symbol(title);
      const began = performance.now();
      running.set(key, { title, began, told: began });
      ticker ??= setInterval(tick, 250).unref();
      tick();
      const done = (outcome: 'done' | 'failed') => {
        running.delete(key);
        if (running.size === 0) {
          clearInterval(ticker);
          ticker = undefined;
        }
        line(`${mark(outcome)} ${title} ${seconds(began)}`);
      };
      try {
        const result = await work();
        done('done');
        return result;
      } catch (error) {
        done('failed');
        throw error;
      }
    },
  };
}
