// POST to one subgraph, over connections that are kept. undici's own `request` makes a stream of each answer; this
// gathers its text.
import { type Dispatcher, Pool } from 'undici';
import type { Interruption } from './resilience/interruption.ts';

export interface SubgraphHttpOptions {
  url: string;
  connections: number;
  /** Largest answer that is read. */
  maximumAnswerBytes: number;
}

export interface SubgraphPost {
  /** Names and values in turn. */
  headers: string[];
  body: string;
  interruption: Interruption;
}

export interface SubgraphHttp {
  /** @throws what the connection says, or the interruption's reason. */
  post(request: SubgraphPost): Promise<HttpAnswer>;
  close(): Promise<void>;
}

export interface HttpAnswer {
  status: number;
  text: string;
}

export function openSubgraphHttp(options: SubgraphHttpOptions): SubgraphHttp {
  const { url, connections, maximumAnswerBytes } = options;
  const { origin, pathname, search } = new URL(url);
  const path = `${pathname}${search}`;
  const pool = new Pool(origin, {
    connections,
    connect: { timeout: 5_000 },
    // Shorter than any server's, so that we are never the one who writes to a closing connection.
    keepAliveTimeout: 4_000,
    // Every fetch has its deadline, which bounds all of it.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  return {
    post: ({ headers, body, interruption }) =>
      new Promise((resolve, reject) => {
        const exchange = new Exchange({ resolve, reject, interruption, maximumAnswerBytes });
        pool.dispatch({ path, method: 'POST', headers, body }, exchange);
      }),
    close: () => pool.destroy(),
  };
}

interface ExchangeOptions {
  resolve(answer: HttpAnswer): void;
  reject(error: Error): void;
  interruption: Interruption;
  maximumAnswerBytes: number;
}

/** One request and its answer. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #options: ExchangeOptions;
  #controller: Dispatcher.DispatchController | undefined;
  #failure: Error | undefined;
  #status = 0;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    options.interruption.onInterrupt = (reason) => this.#fail(reason);
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // Given up while it waited for a connection.
    if (this.#failure) controller.abort(this.#failure);
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    this.#status = status;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#options.maximumAnswerBytes) {
      this.#fail(new Error(`an answer of more than ${this.#options.maximumAnswerBytes} bytes`));
      return;
    }
    this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#options.interruption.onInterrupt = undefined;
    const [first] = this.#chunks;
    const whole = this.#chunks.length === 1 && first ? first : Buffer.concat(this.#chunks, this.#bytes);
    this.#options.resolve({ status: this.#status, text: whole.toString('utf8') });
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#options.interruption.onInterrupt = undefined;
    this.#options.reject(error);
    this.#controller?.abort(error);
  }
}
