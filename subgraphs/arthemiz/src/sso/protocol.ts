// What a protocol of identity providers does here.
import type { Arthemiz } from '../context.ts';
import type { SsoConnectionRow } from './model.ts';
import type { Identity } from './rules.ts';

export interface Asking {
  connection: SsoConnectionRow;
  /** The public origin that the browser is at. */
  origin: string;
  email: string;
}

export interface Answering {
  connection: SsoConnectionRow;
  origin: string;
  answer: URLSearchParams;
  /** What `request` has said, as it was kept. */
  expectation: unknown;
}

export interface Protocol {
  /** Where to send somebody, what comes back with them, and what their answer has to fit. */
  request(service: Arthemiz, asking: Asking): Promise<{ url: URL; state: string; expectation: object }>;
  /** Whom the provider vouches for. @throws for an answer that does not fit */
  read(service: Arthemiz, answering: Answering): Promise<Identity>;
}
