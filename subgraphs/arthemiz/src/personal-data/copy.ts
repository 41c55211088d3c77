// A person's copy of what is kept about them everywhere, as one JSON text that is never whole in memory.
import { type PersonalPage, personalDataOf } from '@supergraph/chassis/personal-data/answering';
import type { Arthemiz } from '../context.ts';
import type { PersonRow } from '../people/model.ts';
import { maskEmail } from '../people/rules.ts';
import { platformTenant } from '../tenants/rules.ts';

/** Grows with each change that a reader of earlier copies would trip over. */
const schemaVersion = 1;

interface PartOfCopy {
  subgraph: string;
  /** Asked for before the first byte is sent, so that a subgraph that is away is told as a page and breaks no file. */
  first: PersonalPage | undefined;
  rest: AsyncGenerator<PersonalPage>;
}

/**
 * Every subgraph that has ever declared itself is asked, and answers from its own region; nothing is stored on the way.
 * @throws PlatformError SERVICE_UNAVAILABLE when one of them does not answer
 */
export async function copyOfPersonalData(
  service: Arthemiz,
  person: PersonRow,
): Promise<AsyncGenerator<string>> {
  const declared = (await service.models.StepDeclaration.find({}, { _id: 1 }).lean()).map(({ _id }) => _id);
  const subgraphs = [...new Set([...declared, service.name])].sort();
  const parts = await Promise.all(
    subgraphs.map(async (subgraph): Promise<PartOfCopy> => {
      const rest = personalDataOf(service, { subgraph, personId: person._id });
      const { value, done } = await rest.next();
      return { subgraph, first: done ? undefined : value, rest };
    }),
  );
  return written(parts, person);
}

async function* written(parts: readonly PartOfCopy[], person: PersonRow): AsyncGenerator<string> {
  const subject = { id: person._id, email: person.email };
  const heading = JSON.stringify({ schemaVersion, generatedAt: new Date(), subject });
  yield `${heading.slice(0, -1)},"data":{`;
  for (const [index, { subgraph, first, rest }] of parts.entries()) {
    yield `${index === 0 ? '' : ','}\n${JSON.stringify(subgraph)}:{`;
    yield* writtenPart(first, rest);
    yield '}';
  }
  yield '}}\n';
}

/** Pages of one model follow each other, those of its regions too. */
async function* writtenPart(
  first: PersonalPage | undefined,
  rest: AsyncGenerator<PersonalPage>,
): AsyncGenerator<string> {
  let model: string | undefined;
  for (let page = first; page !== undefined; page = (await rest.next()).value ?? undefined) {
    const { omitted } = page;
    if (page.model === model) yield ',';
    else {
      const name = JSON.stringify(page.model);
      yield `${model === undefined ? '' : ']},'}\n${name}:{"omitted":${JSON.stringify(omitted)},"documents":[`;
    }
    ({ model } = page);
    yield `\n${page.documents.map((document) => JSON.stringify(document)).join(',\n')}`;
  }
  if (model !== undefined) yield ']}';
}

/** Told before the first byte leaves: to those who run the platform, and not to an employer. */
export function tellDataExported(
  service: Arthemiz,
  { person, ipAddress, userAgent }: { person: PersonRow; ipAddress: string | null; userAgent: string | null },
): Promise<void> {
  return service.transaction(({ emit }) =>
    emit('arthemiz.person.data-exported.v1', {
      subject: person._id,
      tenantId: platformTenant.id,
      data: {
        personId: person._id,
        email: maskEmail(person.email),
        ipAddress,
        userAgent: userAgent?.slice(0, 512) ?? null,
      },
    }),
  );
}
