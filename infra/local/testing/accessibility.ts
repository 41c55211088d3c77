// For tests only: axe over a page as it stands, in light and in dark, and what Tab reaches on it.
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { z } from 'zod';

const checks = {
  /** WCAG 2.2 A and AA, and what axe's makers recommend beyond it. */
  light: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  /** What may be otherwise in other colours; the rest takes most of the time and is as it was. */
  dark: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
};

const reported = z.array(
  z.object({
    id: z.string(),
    help: z.string(),
    nodes: z.array(z.object({ html: z.string(), failureSummary: z.string().optional() })),
  }),
);

/** What axe finds wrong, in words; nothing is what to expect. Leaves the page in the scheme that it had. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const faults: string[] = [];
  // By the debugger's channel, which no Content-Security-Policy of the page holds up.
  await page.evaluate(axe.source);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const violations = reported.parse(
      await page.evaluate(
        `axe.run(document, ${JSON.stringify({ runOnly: checks[colorScheme] })}).then((r) => r.violations)`,
      ),
    );
    for (const { id, help, nodes } of violations) {
      for (const { html, failureSummary } of nodes) {
        faults.push(`${page.url()} (${colorScheme}): ${id}, ${help}: ${html}\n${failureSummary ?? ''}`);
      }
    }
  }
  await page.emulateMedia({ colorScheme: null });
  return faults;
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
      return shown.length;
    })()`),
  );
  // Some more than there are, because Tab also stops at the end of the page.
  for (let presses = 0; presses < count + 5; presses++) await page.keyboard.press('Tab');
  return listed.parse(
    await page.evaluate('[...globalThis.missedByKeyboard].map((element) => element.outerHTML.slice(0, 200))'),
  );
}
