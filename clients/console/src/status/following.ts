// A public page as it is and as it changes, without sign-in: asked for once, then told by Server-Sent Events. It is asked for
// again after a cut, and when the clock alone changes it: a new day begins, or work does. A line on which nothing comes, not
// even the platform's sign of life, counts as cut: a phone that slept is not told that its connection is gone.
import { stringifyDocument } from 'urql';
import {
  PublicStatusChangesDocument,
  PublicStatusDocument,
  type PublicStatusPageFragment,
} from './page.generated.ts';
import { nextChange } from './rules.ts';

/** Undefined while nobody knows; null where there is no page. */
export interface Seen {
  page: PublicStatusPageFragment | null | undefined;
  isAway: boolean;
}

/** The platform writes something each 12 s. */
const silentMs = 30_000;
/** An answer may have been remembered by the platform for a few seconds. */
const rememberedMs = 6_000;
const retryMs = 5_000;
const deadlineMs = 10_000;

export function followPage(slug: string, onChange: (seen: Seen) => void): () => void {
  const stopped = new AbortController();
  let page: Seen['page'];
  let byTheClock: ReturnType<typeof setTimeout> | undefined;
  const show = (next: Seen['page'], isAway = false) => {
    if (stopped.signal.aborted) return;
    page = next;
    onChange({ page, isAway });
    clearTimeout(byTheClock);
    const now = Date.now();
    const waitMs = isAway ? retryMs : nextChange(page, now) - now + rememberedMs;
    byTheClock = setTimeout(() => void ask(), waitMs);
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
    const silence = new AbortController();
    const signal = AbortSignal.any([stopped.signal, silence.signal]);
    let watch = setTimeout(() => silence.abort(), silentMs);
    try {
      await hear(signal, () => {
        clearTimeout(watch);
        watch = setTimeout(() => silence.abort(), silentMs);
      });
    } finally {
      clearTimeout(watch);
    }
  }

  async function hear(signal: AbortSignal, onSign: () => void): Promise<void> {
    const response = await send(PublicStatusChangesDocument, { slug, accept: 'text/event-stream', signal });
    await ask();
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ''; reader; ) {
      const { value, done } = await reader.read();
      onSign();
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
  return () => {
    clearTimeout(byTheClock);
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
