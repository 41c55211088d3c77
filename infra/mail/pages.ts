// The caught mails as a page: text alone, as mail programs show it, with its links to follow.

export interface CaughtMail {
  from: string;
  to: string[];
  subject: string;
  text: string;
  /** ISO 8601. */
  receivedAt: string;
}

const style = `:root{color-scheme:light dark}
body{max-width:50rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}
article{margin:1rem 0;padding:1rem;border:1px solid #8c959f;border-radius:.5rem}
h2{margin:0;font-size:1.125rem}
pre{margin:.75rem 0 0;white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}`;

export function renderMails(mails: readonly CaughtMail[]): string {
  const list = mails.length === 0 ? '<p>There are none yet. Reload this page to look again.</p>' : '';
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Caught mails</title><style>${style}</style></head>
<body><main><h1>Caught mails</h1>
<p>What the platform would have sent, newest first. Nothing left this machine.</p>
${list}${mails.map(renderMail).join('\n')}
</main></body></html>
`;
}

function renderMail({ from, to, subject, text, receivedAt }: CaughtMail): string {
  return `<article><h2>${escaped(subject)}</h2>
<p>to ${escaped(to.join(', '))}, from ${escaped(from)}, <time datetime="${escaped(receivedAt)}">${escaped(receivedAt)}</time></p>
<pre>${withLinks(text)}</pre></article>`;
}

function withLinks(text: string): string {
  return text
    .split(/(https?:\/\/\S+)/)
    .map((part, index) =>
      index % 2 === 0 ? escaped(part) : `<a href="${escaped(part)}" rel="noreferrer">${escaped(part)}</a>`,
    )
    .join('');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
