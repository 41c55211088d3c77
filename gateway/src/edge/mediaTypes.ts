/** What an operation can be answered as, in the order in which the gateway prefers them. */
export const mediaTypes = {
  json: 'application/json',
  graphqlResponse: 'application/graphql-response+json',
  eventStream: 'text/event-stream',
  /** Only what is deferred, to those who say that they read it (`acceptsParts`). */
  parts: 'multipart/mixed',
} as const;

export type MediaType = Exclude<keyof typeof mediaTypes, 'parts'>;

/**
 * The answer's form that a client likes best (RFC 9110 §12.5.1); `json` where it leaves the choice to us.
 * @returns undefined when it accepts none of them.
 */
export function preferredMediaType(accept: string | undefined): MediaType | undefined {
  if (accept === undefined || accept.trim() === '') return 'json';
  const ranges = accept.split(',').map(readRange);
  let best: { type: MediaType; quality: number } | undefined;
  for (const type of ['json', 'graphqlResponse', 'eventStream'] as const) {
    const quality = qualityOf(mediaTypes[type], ranges);
    // A stream is for those who ask for it by name.
    const isNamed = type !== 'eventStream' || ranges.some(({ range }) => range === mediaTypes.eventStream);
    if (quality > 0 && isNamed && (best === undefined || quality > best.quality)) best = { type, quality };
  }
  if (best?.type !== 'json') return best?.type;
  // Named beside application/json with equal weight, the specific type is what the client is made for.
  const named = ranges.find(
    ({ range, quality }) => range === mediaTypes.graphqlResponse && quality === best?.quality,
  );
  return named ? 'graphqlResponse' : 'json';
}

interface MediaRange {
  range: string;
  quality: number;
}

function readRange(text: string): MediaRange {
  const [range = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = weight === undefined ? 1 : Number(weight.slice(2));
  return { range, quality: Number.isFinite(quality) ? quality : 0 };
}

/** The weight of the most specific range that holds the type. */
function qualityOf(type: string, ranges: readonly MediaRange[]): number {
  const [family = ''] = type.split('/', 1);
  for (const range of [type, `${family}/*`, '*/*']) {
    const found = ranges.find((candidate) => candidate.range === range);
    if (found) return found.quality;
  }
  return 0;
}
