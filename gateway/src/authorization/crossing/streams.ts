// For tests only: every subscription of the public schema, opened by who owns what happens and by who does not.
import { eventually } from '@supergraph/chassis/testing';
import { type GraphQLField, type GraphQLObjectType, isNonNullType } from 'graphql';
import { openEventStream } from '../../testing/live-client.ts';
import { strangeId } from './crossing.ts';
import { selectionOf, slotsOf } from './slots.ts';

type Field = GraphQLField<unknown, unknown>;

interface Player {
  token: string | null;
}

export interface Listening<P extends Player> {
  at: { url: string };
  subscriptions: GraphQLObjectType;
  owner: P;
  stranger: P;
  operator: P;
  /** What the owner's subscriptions may be about. */
  ids: readonly string[];
  /** Has something happen to the player's tenant that every subscription tells of. */
  happening(player: P): Promise<void>;
}

/** What the stranger was told while everything happened, of what is the owner's and of what is nobody's. */
export interface Heard {
  fieldName: string;
  ofOwners: string[][];
  ofNobodys: string[];
  own: string[];
}

/** @throws when the owner or an operator is not told of everything, or the stranger not of their own */
export async function listen<P extends Player>(listening: Listening<P>): Promise<Heard[]> {
  const { subscriptions, owner, stranger, operator, ids, happening } = listening;
  const open = (field: Field, { token }: P, id?: string) => openOne(listening, { field, token, id });
  // What has to be told anything but an id is nobody's secret: status-page.test.ts listens to that.
  const fields = Object.values(subscriptions.getFields()).filter(({ args }) =>
    args.every(({ type }) => !isNonNullType(type) || String(type) === 'ID!'),
  );
  const all = await Promise.all(
    fields.map(async (field) => ({
      field,
      entitled: await Promise.all(
        [undefined, ...ids].flatMap((id) => [open(field, owner, id), open(field, operator, id)]),
      ),
      own: await open(field, stranger),
      ofOwners: await Promise.all(ids.map((id) => open(field, stranger, id))),
      ofNobodys: await open(field, stranger, strangeId(ids[0] ?? '')),
    })),
  );
  // Where an id has to be given, there is nothing to hear without one.
  const openEnded = all.filter(({ field }) => field.args.every(({ type }) => !isNonNullType(type)));
  // Twice: at the second time all are open.
  for (const _ of [1, 2]) {
    await eventually(async () => {
      await happening(owner);
      return all.every(({ entitled }) => entitled.some(({ told }) => told().some(isTold)));
    });
    // What comes to the stranger from their own tenant comes after what happened before it in the other.
    const before = openEnded.map(({ own }) => own.told().length);
    await eventually(async () => {
      await happening(stranger);
      return openEnded.every(({ own }, index) => own.told().length > (before[index] ?? 0));
    });
  }
  return all.map(({ field, entitled, own, ofOwners, ofNobodys }) => {
    for (const { leave } of [...entitled, own, ...ofOwners, ofNobodys]) leave();
    return {
      fieldName: field.name,
      ofOwners: ofOwners.map(({ told }) => told()),
      ofNobodys: ofNobodys.told(),
      own: own.told(),
    };
  });
}

const isTold = (event: string) => /"data":\{"\w+":[^n]/.test(event);

/** A stream, and what it has told so far without the id that it is about. */
async function openOne<P extends Player>(
  { at, subscriptions }: Listening<P>,
  { field, token, id }: { field: Field; token: string | null; id: string | undefined },
) {
  const [slot] = slotsOf(subscriptions).filter((one) => one.field === field);
  const given = slot === undefined || id === undefined ? '' : `(${slot.name.split('.')[1]}: "${id}")`;
  const query = `subscription { ${field.name}${given} ${selectionOf(field, 2)} }`;
  const stream = await openEventStream(at.url, { query, ...(token === null ? {} : { token }) });
  const told = () =>
    stream.events().map(({ event, data }) => {
      const text = `${event} ${data}`;
      return id === undefined ? text : text.replaceAll(id, 'ID');
    });
  return { told, leave: () => stream.leave() };
}
