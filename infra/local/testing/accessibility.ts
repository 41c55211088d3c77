// For tests only: axe over a page as it stands, in light and in dark, and what Tab reaches on it.
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const checks = {
  /** WCAG 2.2 A and AA, and what axe's makers recommend beyond it. */
  light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  /** What may be otherwise in other colours; the rest takes most of the time and is as it was. */
  dark: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
  /** What may be otherwise where there is less room. */
  layout: { type: 'rule', values: ['target-size', 'scrollable-region-focusable'] },
};

const reported = z.array(
  z.object({
    id: z.string(),
    help: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
  }),
);

/**
 * What axe finds wrong, in words; nothing is what to expect. In an open dialog alone, where there is one: what is behind
 * it is inert, and was looked at by itself. Leaves the page in the scheme that it had.
 *
 * @param except a selector of what is left out, because it was looked at before
 */
export async function accessibilityFaults(
  page: Page,
  { except }: { except?: string } = {},
): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    faults.push(...(await faultsOf(page, { of: colorScheme, except })));
  }
  await page.emulateMedia({ colorScheme: null });
  return faults;
}

/** What axe finds wrong with how things lie, and how far the page is wider than the window: a page looked at before. */
export async function layoutFaults(page: Page): Promise<string[]> {
  const faults = await faultsOf(page, { of: 'layout' });
  const tooWide = z
    .number()
    .parse(
      await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'),
    );
  return tooWide > 0 ? [`${page.url()} is ${tooWide} px wider than the window`, ...faults] : faults;
}

async function faultsOf(
  page: Page,
  { of, except }: { of: keyof typeof checks; except?: string },
): Promise<string[]> {
  // By the debugger's channel, which no Content-Security-Policy of the page holds up; once a document, because to read
  // it takes as long as to run it.
  if (!(await page.evaluate('"axe" in globalThis'))) await page.evaluate(axe.source);
  // Only what is wrong is gathered, and no style sheets are fetched anew: no rule of these asks for them.
  const options = { runOnly: checks[of], resultTypes: ['violations'], preload: false };
  const found = await page.evaluate(`(() => {
    const include = document.querySelector('dialog[open]') ?? document;
    const exclude = ${except === undefined ? '[]' : `[...document.querySelectorAll(${JSON.stringify(except)})]`};
    return axe.run({ include, exclude }, ${JSON.stringify(options)}).then((ran) => ran.violations);
  })()`);
  return reported
    .parse(found)
    .flatMap(({ id, help, nodes }) =>
      nodes.map(
        ({ html, failureSummary = '' }) =>
          `${page.url()} (${of}): ${id}, ${help}: ${html}\n${failureSummary}`,
      ),
    );
}

/** What can be used by mouse and that Tab does not come by, as HTML; in an open dialog alone, where there is one. */
export async function unreachableByKeyboard(page: Page): Promise<string[]> {
  const listed = z.array(z.string());
  const operable = 'a[href], button, input, select, textarea, summary, [tabindex="0"]';
  const count = z.number().parse(
    await page.evaluate(`(() => {
      const root = document.querySelector('dialog[open]') ?? document;
      const shown = [...root.querySelectorAll('${operable}')].filter((element) => !element.disabled && element.checkVisibility());
      const missed = new Set(shown);
      document.addEventListener('focusin', ({ target }) => missed.delete(target));
      missed.delete(document.activeElement);
      globalThis.missedByKeyboard = missed;
      const parts = shown.filter(({ type }) => ['datetime-local', 'date', 'month', 'time'].includes(type)).length;
      return shown.length + parts * 8;
    })()`),
  );
  // Some more than there are, because Tab also stops at the end of the page, and at each part of a date. The browser takes
  // them in turn: to wait for each would take most of the time.
  await Promise.all(Array.from({ length: count + 5 }, () => page.keyboard.press('Tab')));
  return listed.parse(
    await page.evaluate('[...globalThis.missedByKeyboard].map((element) => element.outerHTML.slice(0, 200))'),
  );
}
