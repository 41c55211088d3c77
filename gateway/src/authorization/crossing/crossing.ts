// For tests only: asks every operation of the public schema, as a member of one tenant, for what is another's.
import { randomUUID } from 'node:crypto';
import type { GraphqlResult } from '@supergraph/chassis/testing';
import type { Platform } from '../../testing/platform.ts';
import { fill, type Slot, selectionOf } from './slots.ts';
import { madeUpPattern, values } from './values.ts';

/** Something that there is, as an answer to its owner showed it. */
export interface Known {
  typeName: string;
  id: string;
}

/** Everything with an id in an answer in which `is` or `__typename` names the types; of what is named by another's id, too. */
export function knownIn(value: unknown, into: Known[] = []): Known[] {
  if (Array.isArray(value)) for (const item of value) knownIn(item, into);
  else if (typeof value === 'object' && value !== null) {
    const object = value as Record<string, unknown>; // neither null nor a list
    const { is, __typename: typeName = is } = object;
    for (const [name, member] of Object.entries(object)) {
      knownIn(member, into);
      if (!/(^id|Id)$/.test(name) || typeof member !== 'string' || !/^[a-z]+_/.test(member)) continue;
      // What is named by a person's id is known as that, too.
      const as = name === 'id' ? String(typeName) : `${typeName}.${name}`;
      if (into.some((one) => one.id === member && one.typeName === as)) continue;
      into.push({ typeName: as, id: member });
    }
  }
  return into;
}

/** What an id is of, by its prefix. */
export const kindOf = (id: string) => id.slice(0, id.indexOf('_') + 1);

/** One of its kind that nobody has. */
export const strangeId = (id: string) => `${kindOf(id)}${randomUUID()}`;

export interface Asker {
  platform: Platform;
  at: { url: string };
  token: string | null;
  own: readonly Known[];
}

/** What each id is answered with in the slot, without the id itself. */
export async function answersTo(
  asker: Asker,
  { kind, slot, ids }: { kind: 'query' | 'mutation'; slot: Slot; ids: readonly string[] },
): Promise<string[]> {
  const answers: string[] = [];
  const atOnce = Math.ceil(ids.length / Math.ceil(ids.length / mostAtOnce[kind]));
  for (let start = 0; start < ids.length; start += atOnce) {
    const some = ids.slice(start, start + atOnce);
    // As many each time, so that the text is the same and planned once.
    const filled = [...some, ...ids.slice(0, atOnce - some.length)];
    const { query, variables } = operation(asker, { kind, slot, ids: filled });
    const answer = await asker.platform.query(query, { token: asker.token, variables, at: asker.at });
    // Refused as a whole, it would have been asked for nothing.
    if (answer.status !== 200 || !answer.data) throw new Error(`${slot.name}: ${JSON.stringify(answer)}`);
    answers.push(...some.map((id, index) => answerAt(answer, `a${index}`).replaceAll(id, 'ID')));
  }
  return answers;
}

/** Of changes an operation makes so many at most; what more queries would cost is refused. */
const mostAtOnce = { query: 5, mutation: 20 };

/** The field once for each id. The text is the same for any ids, so that it is planned once. */
function operation(
  { own }: Asker,
  { kind, slot, ids }: { kind: 'query' | 'mutation'; slot: Slot; ids: readonly string[] },
): { query: string; variables: Record<string, unknown> } {
  const { field } = slot;
  const ownId = (typeName: string) => {
    const found = own.findLast((one) => one.typeName === typeName)?.id;
    if (found === undefined) throw new Error(`${slot.name}: the asker needs a ${typeName} of its own.`);
    return found;
  };
  const asked = ids.map((id) => fill({ slot, id, ownId, madeUp: (name) => values[name]?.() }));
  const variables = asked.flatMap((given, index) =>
    Object.entries(given).map(([name, value]) => [`${name}${index}`, value] as const),
  );
  const typeOf = (name: string) => field.args.find((arg) => arg.name === name)?.type;
  const declared = asked.flatMap((given, index) =>
    Object.keys(given).map((name) => `$${name}${index}: ${typeOf(name)}`),
  );
  const selection = selectionOf(field, 2);
  const parts = asked.map((given, index) => {
    const taken = Object.keys(given).map((name) => `${name}: $${name}${index}`);
    return `a${index}: ${field.name}(${taken.join(', ')}) ${selection}`;
  });
  return {
    query: `${kind} (${declared.join(', ')}) { ${parts.join(' ')} }`,
    variables: Object.fromEntries(variables),
  };
}

function answerAt({ data, errors = [] }: GraphqlResult, alias: string): string {
  const own = errors.filter(({ path }) => path?.[0] === alias);
  const said = own.map(({ message, path = [], extensions }) => ({
    message,
    path: path.slice(1),
    extensions,
  }));
  // A sequence counts what the asker did itself.
  return JSON.stringify({ data: data?.[alias], errors: said })
    .replaceAll(madeUpPattern, 'NEW')
    .replaceAll(/"sequence":\d+/g, '"sequence":N');
}

/** All that subgraphs hold of a tenant, and the ids of the events about it. */
export async function holdingsOf(
  { subgraphs }: Platform,
  tenantId: string,
): Promise<Record<string, Record<string, unknown>[]>> {
  const held: Record<string, Record<string, unknown>[]> = {};
  for (const [name, { service }] of Object.entries(subgraphs)) {
    const { db } = service.connection;
    for (const { collectionName } of (await db?.collections()) ?? []) {
      if (collectionName.startsWith('system.') || collectionName === 'inbox') continue;
      const isOutbox = collectionName === 'outbox';
      const whose = isOutbox
        ? { 'event.tenantid': tenantId }
        : {
            $or: [
              { tenantId },
              { _id: tenantId },
              { actingTenantId: tenantId },
              { 'meta.tenantId': tenantId },
            ],
          };
      const rows = await db
        ?.collection(collectionName)
        .find(whose as object, isOutbox ? { projection: { _id: 1 } } : {})
        .sort({ _id: 1 })
        .toArray();
      held[`${name}.${collectionName}`] = JSON.parse(JSON.stringify(rows ?? []));
    }
  }
  return held;
}
