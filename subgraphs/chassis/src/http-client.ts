// HTTP to other systems through undici, guarded (outgoing.ts). Bodies are read whole and within a bound.
import { Agent, request } from 'undici';
import { type AddressGuard, assertHostAllowed } from './addresses.ts';
import type { CallOptions, Guard, GuardOptions } from './outgoing.ts';
import { injectTrace } from './tracing.ts';

export interface HttpClientOptions {
  /** Most connections to one origin. Default 16. */
  connections?: number;
  /** Largest response body that is read. Default 1 MiB. */
  maximumResponseBytes?: number;
  /** Which addresses may be called; for targets that tenants choose. Default: any. */
  addresses?: AddressGuard;
}

export interface HttpRequest {
  url: string | URL;
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Default: `safe` for GET, HEAD, PUT and DELETE (RFC 9110 §9.2.2), else `unsafe`. */
  repetition?: CallOptions['repetition'];
  signal?: AbortSignal;
}

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface HttpClient {
  /**
   * Sends a request. Answers below 500 other than 429 are returned; redirects are not followed.
   * @throws OutgoingError for no answer, a late one, one that is too large, 429 and 5xx, or an address that may not be called.
   */
  request(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

/** An answer that speaks of the target's trouble. The cause of an OutgoingError. */
class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError';
  readonly status: number;

  constructor(status: number) {
    super(`HTTP status ${status}`);
    this.status = status;
  }
}

const repeatable = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

export function openHttpClient(
  guardFor: (options: GuardOptions) => Guard,
  { connections = 16, maximumResponseBytes = 1_048_576, addresses }: HttpClientOptions,
): HttpClient {
  const guard = guardFor({});
  const agent = new Agent({
    connections,
    maxResponseSize: maximumResponseBytes,
    connect: { timeout: 5_000, ...(addresses && { lookup: addresses.lookup }) },
    // Shorter than any server's, so that we are never the one who writes to a closing connection.
    keepAliveTimeout: 4_000,
  });
  return {
    request({ url, method = 'GET', headers = {}, body, repetition, signal }) {
      return guard.run(
        async (abort) => {
          if (addresses !== undefined) assertHostAllowed(url, addresses);
          const answer = await request(url, {
            dispatcher: agent,
            method,
            headers: injectTrace({ ...headers }),
            body: body ?? null,
            signal: abort,
          });
          const text = await answer.body.text();
          if (answer.statusCode >= 500 || answer.statusCode === 429)
            throw new HttpStatusError(answer.statusCode);
          return { status: answer.statusCode, headers: answer.headers, body: text };
        },
        { repetition: repetition ?? (repeatable.has(method) ? 'safe' : 'unsafe'), signal },
      );
    },
    close: () => agent.destroy(),
  };
}
