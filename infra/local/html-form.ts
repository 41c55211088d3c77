/** The fields of the first form of a page, with what they hold; enough for pages of our own. */
export function readForm(
  page: string,
): { action: string | undefined; fields: Map<string, string> } | undefined {
  const form = /<form\b([^>]*)>([\s\S]*?)<\/form>/i.exec(page);
  if (form === null) return undefined;
  const [, head = '', body = ''] = form;
  const fields = new Map<string, string>();
  for (const [, attributes = ''] of body.matchAll(/<input\b([^>]*)>/gi)) {
    const name = attribute(attributes, 'name');
    // Of radio buttons the first is taken.
    if (name !== undefined && !fields.has(name)) fields.set(name, attribute(attributes, 'value') ?? '');
  }
  const button = /<button\b([^>]*)>/i.exec(body)?.[1] ?? '';
  const name = attribute(button, 'name');
  if (name !== undefined) fields.set(name, attribute(button, 'value') ?? '');
  return { action: attribute(head, 'action'), fields };
}

/** What a page says in its alert, else its heading: for an error message. */
export function pageMessage(page: string): string {
  const found =
    /role="alert"[^>]*>([\s\S]*?)<\/(?:div|p|section)>/i.exec(page) ??
    /<h1[^>]*>([\s\S]*?)<\/h1>/i.exec(page);
  return unescapeHtml((found?.[1] ?? page.slice(0, 200)).replaceAll(/<[^>]*>/g, ' '))
    .replaceAll(/\s+/g, ' ')
    .trim();
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`, 'i').exec(attributes)?.[1];
  return found === undefined ? undefined : unescapeHtml(found);
}

function unescapeHtml(text: string): string {
  return text
    .replaceAll(/&#(x[\da-f]{1,5}|\d{1,6});/gi, (_match, code: string) =>
      String.fromCodePoint(Number(`0${code}`)),
    )
    .replaceAll('&quot;', '"')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}
