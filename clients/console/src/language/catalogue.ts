import type { en } from './en.ts';

/** All words of the page, the same in every language. A language that lacks one does not compile. */
export type Catalogue = typeof en;
