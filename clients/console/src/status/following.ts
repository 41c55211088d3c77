// A public page as it is and as it changes, without sign-in: asked for once, then told by Server-Sent Events. After a cut it
// is asked for again, and once in a while in any case: work that begins is told by the clock alone.
import { stringifyDocument } from 'urql';
import {
  PublicStatusChangesDocument,
  PublicStatusDocument,
  type PublicStatusPageFragment,
} from './page.generated.ts';

/** Undefined while nobody knows; null where there is no page. */
export interface Seen {
  page: PublicStatusPageFragment | null | undefined;
  isAway: boolean;
}

const againMs = 60_000;
const retryMs = 5_000;
const deadlineMs = 10_000;

export function followPage(slug: string, onChange: (seen: Seen) => void): () => void {
  const stopped = new AbortController();
  let page: Seen['page'];
  const show = (next: Seen['page'], isAway = false) => {
    if (stopped.signal.aborted) return;
    page = next;
    onChange({ page, isAway });
  };

  async function ask(): Promise<void> {
    try {
      const signal = AbortSignal.any([stopped.signal, AbortSignal.timeout(deadlineMs)]);
      const response = await send(PublicStatusDocument, { slug, accept: 'application/json', signal });
      const { data } = await response.json();
      if (!data) throw new Error('no answer');
      show(data.statusPage);
    } catch {
      show(page, true);
    }
  }

  async function listen(): Promise<void> {
    const { signal } = stopped;
    const response = await send(PublicStatusChangesDocument, { slug, accept: 'text/event-stream', signal });
    await ask();
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ''; reader; ) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        // Between its name and its data an event has a place, by which others go on where they were.
        const lines = event.split('\n');
        const data = lines.find((line) => line.startsWith('data: '));
        if (lines.includes('event: next') && data !== undefined)
          show(JSON.parse(data.slice('data: '.length)).data?.statusPageChanged ?? null);
      }
    }
  }

  void (async () => {
    while (!stopped.signal.aborted) {
      await listen().catch(() => show(page, true));
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  })();
  const timer = setInterval(() => void ask(), againMs);
  return () => {
    clearInterval(timer);
    stopped.abort();
  };
}

function send(
  document: Parameters<typeof stringifyDocument>[0],
  { slug, accept, signal }: { slug: string; accept: string; signal: AbortSignal },
): Promise<Response> {
  return fetch('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ query: stringifyDocument(document), variables: { slug } }),
    signal,
  });
}
