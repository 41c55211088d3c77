// A tenant's look at the head of a page, where the page's tenant is known.
import type { Brand } from '../branding/reading.ts';
import { type Html, html } from './html.ts';

/** Its colours in place of ours; empty where it has none. They were chosen out of `#rrggbb`, so that nothing else gets in. */
export function brandStyle({ accentOnLight, accentOnDark }: Brand): string {
  if (accentOnLight === null || accentOnDark === null) return '';
  return `:root{--accent:${accentOnLight}}@media (prefers-color-scheme:dark){:root{--accent:${accentOnDark}}}`;
}

/** The name stands beside the logo, which says nothing more to whoever does not see it. */
export function brandHead({ name, logo }: Brand): Html {
  return html`<p class="brand">${logo === null ? null : html`<img src="${logo}" alt="">`}<span>${name}</span></p>
`;
}
