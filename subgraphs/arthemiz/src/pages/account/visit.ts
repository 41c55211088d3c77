// One request for the pages about a person's own account.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Session } from 'oidc-provider';
import type { Arthemiz } from '../../context.ts';
import type { PersonRow } from '../../people/model.ts';
import type { Page } from '../layout.ts';
import type { Words } from '../words/words.ts';

export interface Visit {
  service: Arthemiz;
  request: IncomingMessage;
  response: ServerResponse;
  person: PersonRow;
  /** The browser's. */
  session: Session;
  words: Words;
  /** The circumstances, for events. */
  facts: { person: PersonRow; ipAddress: string | null; userAgent: string | null };
  csrf: string;
  /** The posted fields; null for a look at the page. */
  form: URLSearchParams | null;
  query: URLSearchParams;
  /** In the language of `words`. */
  show(page: Page, headers?: Record<string, string>): void;
  /** Goes to the overview, or to another page, by redirect, so that reloading sends nothing again. */
  leave(to?: '/security' | '/sessions' | '/profile?saved'): void;
}

/** A page's answer to a request. */
export type AccountPage = (visit: Visit) => Promise<void>;
