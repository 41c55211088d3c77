// Handing a person what is kept about them: whoever lets people in asks each subgraph, page after page, and keeps nothing.
import { z } from 'zod';
import type { Service } from '../service.ts';
import type { PersonalSource } from './sources.ts';

type AnyService = Service<unknown, unknown>;

/** Most documents in one answer. */
const pageSize = 100;

const place = z.object({ source: z.number().int().min(0), after: z.unknown() });
const question = z.object({ personalDataOf: z.string().max(64), at: place.nullable() });

const page = z.object({
  /** What the documents are. */
  model: z.string(),
  omitted: z.array(z.string()),
  documents: z.array(z.record(z.string(), z.unknown())),
  /** Where the next page begins; null after the last. */
  next: place.nullable(),
});

/** Documents of one kind, as JSON. */
export type PersonalPage = Omit<z.infer<typeof page>, 'next'>;

/** How a subgraph answers. */
export function answerPersonalData<S extends AnyService>({
  service,
  sources,
}: {
  service: S;
  sources: ReadonlyArray<PersonalSource<S>>;
}) {
  return async (asked: unknown): Promise<object> => {
    const { personalDataOf: personId, at } = question.parse(asked);
    const index = at?.source ?? 0;
    const source = sources[index];
    if (source === undefined) return { model: '', omitted: [], documents: [], next: null };
    const { model, omitted } = source;
    const read = await source.read({ service, personId, after: at?.after ?? null, limit: pageSize });
    const following = index + 1 < sources.length ? { source: index + 1, after: null } : null;
    const next = read.next === null ? following : { source: index, after: read.next };
    return { model, omitted, documents: read.documents, next };
  };
}

/**
 * What a subgraph keeps about a person, in its order; only pages with documents.
 * @throws PlatformError SERVICE_UNAVAILABLE when the subgraph does not answer
 */
export async function* personalDataOf(
  { questions }: Pick<AnyService, 'questions'>,
  { subgraph, personId }: { subgraph: string; personId: string },
): AsyncGenerator<PersonalPage> {
  let at: z.infer<typeof place> | null = null;
  do {
    const { next, ...shown }: z.infer<typeof page> = page.parse(
      await questions.ask(subgraph, { personalDataOf: personId, at }),
    );
    if (shown.documents.length > 0) yield shown;
    at = next;
  } while (at !== null);
}
