// One request for a page that people open from a mail, or without being signed in.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Arthemiz } from '../../context.ts';
import type { Page } from '../layout.ts';
import type { Words } from '../words/words.ts';

export interface Visit {
  service: Arthemiz;
  request: IncomingMessage;
  response: ServerResponse;
  /** The secret of the link that was followed; empty without one. It is the proof that forms on the page need. */
  secret: string;
  words: Words;
  ipAddress: string | null;
  userAgent: string | null;
  /** The posted fields; null for a look at the page. */
  form: URLSearchParams | null;
  /** In the language of `words`. */
  show(page: Page, headers?: Record<string, string>): void;
}

/** A page's answer to a request. */
export type LinkPage = (visit: Visit) => Promise<void>;
