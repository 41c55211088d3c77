// The words of pages, in the language that the browser asks for (RFC 9110, 12.5.4); English where it asks for others.
import type { IncomingMessage } from 'node:http';
import accepts from 'accepts';
import { en } from './en.ts';
import { pt } from './pt.ts';

/** The same words in every language: one that lacks some does not compile. */
export type Words = typeof en;

export function wordsFor(request: IncomingMessage): Words {
  return accepts(request).languages(['en', 'pt']) === 'pt' ? pt : en;
}
