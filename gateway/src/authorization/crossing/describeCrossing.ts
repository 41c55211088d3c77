// For tests only: no operation of the public schema, and no entrance of a subgraph, gives a member of one tenant what is
// another's, changes it, or tells by another answer that it is there. Operations come from the schema, and ids from all
// that an owner is shown, so that a new operation or type is asked for without a change here.
import { buildSubgraphSchema } from '@apollo/subgraph';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execute } from '@supergraph/chassis/testing';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  isNonNullType,
  isObjectType,
  parse,
} from 'graphql';
import type { Platform, SubgraphName } from '../../testing/platform.ts';
import { partsOf, print, wholeOf } from '../../testing/whole-schema.ts';
import { type Asker, answersTo, holdingsOf, type Known, kindOf, knownIn, strangeId } from './crossing.ts';
import { few, type Slot, selectionOf, slotsOf } from './slots.ts';
import { listen } from './streams.ts';
import { unreachable } from './values.ts';

interface Player {
  viewer: Viewer;
  token: string | null;
}

export interface Crossing {
  platform: Platform;
  /** Owns what the intruder asks for. */
  victim: Player;
  intruder: Player;
  /** May do to any tenant what no owner may. */
  operator: Player;
  /** Has something happen to the player's tenant that every subscription tells of. */
  happening: (player: Player) => Promise<void>;
}

export interface CrossingOptions {
  schema: GraphQLSchema;
  /** The SDL of each. */
  subgraphs: Readonly<Record<SubgraphName, string>>;
  /** Values of arguments, by `Type.field`. */
  given: () => Record<string, Record<string, unknown>>;
  /** Called when the tests run. */
  crossing: () => Crossing;
}

interface Place {
  kind: 'query' | 'mutation';
  slot: Slot;
}

const accessEvents = 'sentinel.security_events';
/** Written by the subgraphs themselves from time to time: made of these events after they were told, or by a clock. */
const writtenByThemselves = [
  ...[
    ...['detection_turns', 'detection_occurrence_pages', 'finding_evidence', 'audit_records', 'audit_heads'],
    ...['principals', 'hourly_volumes'],
  ].map((name) => `sentinel.${name}`),
  ...['known_tenants', 'metric_series', 'metric_minutes', 'metric_hours'].map(
    (name) => `systemhealth.${name}`,
  ),
];

export function describeCrossing({ schema, subgraphs, given, crossing }: CrossingOptions): void {
  const slots: Place[] = (['query', 'mutation'] as const).flatMap((kind) =>
    slotsOf(rootOf(schema, kind)).map((slot) => ({ kind, slot })),
  );

  describe('a member of another tenant, who may do there all that an owner may', () => {
    /** Does not count how much is asked of it. */
    let at: { url: string };
    let victim: Awaited<ReturnType<typeof asker>>;
    let intruder: Awaited<ReturnType<typeof asker>>;
    beforeAll(async () => {
      const { platform, ...players } = crossing();
      const limits = { person: null, client: null, tenant: null, planning: null };
      at = await platform.startGateway({ RATE_LIMITS: JSON.stringify(limits) });
      [victim, intruder] = await Promise.all([asker(players.victim), asker(players.intruder)]);
    });
    const tenantId = () => crossing().victim.viewer.tenantId ?? '';

    /** Of security events those of the intruder: what others were denied before is still being told. */
    const heldOfVictim = async () => {
      const all = await holdingsOf(victim.platform, tenantId());
      const { [accessEvents]: events = [], 'sentinel.findings': findings = [], ...held } = all;
      for (const name of writtenByThemselves) delete held[name];
      const { subject } = crossing().intruder.viewer;
      return {
        ...held,
        'sentinel.findings': findings.filter(({ ruleId }) => String(ruleId).startsWith('rul_')),
        [accessEvents]: events.filter(({ actorId }) => actorId === subject),
      };
    };

    /** The player, with all that it is shown. */
    async function asker({ token }: Player): Promise<Asker & { shown: string }> {
      const { platform } = crossing();
      const whole = partsOf(wholeOf(rootOf(schema, 'query'), { schema, given: given() })).map(print);
      // And each list by itself: the whole shows of a type no more than where it comes to it first.
      const lists = Object.values(rootOf(schema, 'query').getFields()).filter((field) => !takesId(field));
      const each = lists.map((field) => `{ ${field.name}${few(field)} ${selectionOf(field)} }`);
      const shown = await Promise.all(
        [...whole, ...each].map(async (query) => {
          const { status, data, errors } = await platform.query(query, { token, at });
          if (status !== 200 || !data) throw new Error(JSON.stringify({ query, errors }));
          return data;
        }),
      );
      return { platform, at, token, own: knownIn(shown), shown: JSON.stringify(shown) };
    }

    /** What ids are answered with in a place, each beside what one of its kind is that nobody has. */
    const answersIn = async (who: Asker, place: Place, known: readonly Known[]) => {
      const strangers = [...new Map(known.map(({ id }) => [kindOf(id), strangeId(id)]))];
      const ids = [...strangers.map(([, id]) => id), ...known.map(({ id }) => id)];
      const answers = await answersTo(who, { ...place, ids });
      const ofNobody = new Map(strangers.map(([kind], index) => [kind, answers[index]]));
      return known.map(({ id }, index) => ({
        ...{ id, told: answers[strangers.length + index], ofNobodys: ofNobody.get(kindOf(id)) },
      }));
    };

    it('is answered by every operation as for what nobody has, and changes nothing', async () => {
      const before = await heldOfVictim();
      for (const place of slots) {
        // Each thing in a query; in a change, which takes longer, one of each kind.
        const known = place.kind === 'query' ? victim.own : oneOfEachType(victim.own);
        for (const { id, told, ofNobodys } of await answersIn(intruder, place, known)) {
          const of = { slot: place.slot.name, id };
          expect({ of, told }).toEqual({ of, told: ofNobodys });
        }
      }
      expect(await heldOfVictim()).toEqual(before);
    }, 900_000);

    it('is shown nothing of it by what takes no id, nor by the cursors of its owner', async () => {
      const cursors = [...victim.shown.matchAll(/"(?:end|start)Cursor":"([^"]+)"/g)].map(
        ([, cursor = '']) => cursor,
      );
      expect(new Set(cursors).size).toBeGreaterThan(2);
      const lists = Object.values(rootOf(schema, 'query').getFields()).filter(({ args }) =>
        args.some(({ name }) => name === 'after'),
      );
      const answers = [intruder.shown];
      const parts = lists.map(
        ({ name, ...field }) => `${name}(first: 2, after: $after) ${selectionOf(field, 2)}`,
      );
      const query = `query ($after: String) { ${parts.join(' ')} }`;
      for (const after of new Set(cursors)) {
        const { token } = intruder;
        const { data, errors } = await victim.platform.query(query, { token, at, variables: { after } });
        if (!data) throw new Error(JSON.stringify(errors));
        answers.push(JSON.stringify(data));
      }
      for (const { id } of victim.own) for (const answer of answers) expect(answer).not.toContain(id);
    });

    it.each(Object.keys(subgraphs) as SubgraphName[])(
      'enters nothing of it at %s, past the gateway',
      async (audience) => {
        const { platform, victim: owner, intruder: stranger } = crossing();
        const own = buildSubgraphSchema({ typeDefs: parse(subgraphs[audience]) });
        const { url } = platform.subgraphs[audience];
        const enter = async (viewer: Viewer, { typeName, id }: Known) => {
          const fields = print(wholeOf(objectType(own, typeName), { schema: own, given: given(), times: 1 }));
          const query = `{ _entities(representations: [{ __typename: "${typeName}", id: "${id}" }]) { ... on ${typeName} ${fields} } }`;
          const answer = await execute({ url, environment: platform.environment, audience, viewer, query });
          return JSON.stringify(answer).replaceAll(id, 'ID');
        };
        for (const [, typeName = ''] of subgraphs[audience].matchAll(
          /^type (\w+)[^{]*@key\(fields: "id"\)/gm,
        )) {
          const entered = victim.own.filter((one) => one.typeName === typeName);
          expect({ typeName, entered }).not.toEqual({ typeName, entered: [] });
          for (const known of entered) {
            const nobodys = { typeName, id: strangeId(known.id) };
            const asNobodys = await enter(stranger.viewer, nobodys);
            expect({ known, answer: await enter(stranger.viewer, known) }).toEqual({
              known,
              answer: asNobodys,
            });
            // And its owner is told more, or it would have been no question.
            expect(await enter(owner.viewer, known)).not.toBe(await enter(owner.viewer, nobodys));
          }
        }
      },
    );

    it('hears nothing of it by any subscription', async () => {
      const { happening, victim: owner, intruder: stranger, operator } = crossing();
      const subscriptions = rootOf(schema, 'subscription');
      const ids = victim.own
        .filter(({ typeName }) => /^(Service|Tenant)$/.test(typeName))
        .map(({ id }) => id);
      const all = await listen({ at, subscriptions, owner, stranger, operator, ids, happening });
      for (const { fieldName, own, ofOwners, ofNobodys } of all) {
        for (const { id } of victim.own) expect(JSON.stringify([own, ofOwners])).not.toContain(id);
        // Opened one after the other: what the first of them heard before the last was open is no difference.
        const shortest = Math.min(...[...ofOwners, ofNobodys].map(({ length }) => length));
        const told = ofOwners.map((each) => each.slice(-shortest));
        expect({ fieldName, told }).toEqual({ fieldName, told: ids.map(() => ofNobodys.slice(-shortest)) });
      }
    });

    // Last, for it is no longer what it was afterwards.
    it('asked for what its owner is answered otherwise for, in every place', async () => {
      const operator = await asker(crossing().operator);
      const isReached = async (place: Place, known: readonly Known[]) => {
        const ofOwner = await answersIn(victim, place, known);
        const isDenied = ofOwner.every(({ told }) => told?.includes('"code":"FORBIDDEN"'));
        const all = isDenied ? await answersIn(operator, place, known) : ofOwner;
        return all.some(({ told, ofNobodys }) => told !== ofNobodys);
      };
      const unreached: string[] = [];
      for (const place of [...slots].sort((a, b) => harmOf(a.slot) - harmOf(b.slot))) {
        const reached =
          (await isReached(place, oneOfEachType(victim.own))) || (await isReached(place, victim.own));
        if (!reached) unreached.push(place.slot.name);
      }
      expect(unreached.sort()).toEqual(Object.keys(unreachable).sort());
    }, 900_000);
  });
}

function rootOf(schema: GraphQLSchema, kind: 'query' | 'mutation' | 'subscription'): GraphQLObjectType {
  return objectType(schema, `${kind[0]?.toUpperCase()}${kind.slice(1)}`);
}

function objectType(schema: GraphQLSchema, name: string): GraphQLObjectType {
  const type = schema.getType(name);
  if (!isObjectType(type)) throw new Error(`${name} is no object type`);
  return type;
}

const takesId = ({ args }: GraphQLField<unknown, unknown>) => args.some(({ type }) => isNonNullType(type));

/** The last of a type stands for all of it. */
function oneOfEachType(all: readonly Known[]): Known[] {
  return [...new Map(all.map((one) => [one.typeName, one])).values()];
}

/** What takes something away comes after what asks for it, and what closes the tenant comes last. */
function harmOf({ field: { name } }: Slot): number {
  if (/Tenant/.test(name)) return 2;
  // A policy that holds does something about what is found from then on, such as ending sessions.
  if (/ResponsePolicy$/.test(name)) return /^delete/.test(name) ? 1.6 : 1.5;
  return /^(delete|remove|revoke|end|suspend)/.test(name) ? 1 : 0;
}
