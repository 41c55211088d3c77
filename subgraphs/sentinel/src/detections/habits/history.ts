// The sign-ins of people who signed in just now, from the database as far as they are not remembered: one question for all
// of them, because in a busy tenant hundreds sign in within one batch.
import type { Sentinel } from '../../context.ts';
import { personIndex, type SecurityEventRow } from '../../security-events/model.ts';
import type { Happened } from '../../security-events/ocsf.ts';
import type { Turn } from '../turn.ts';
import { dayMs, inOrder, lookBackDays, type SignIn } from './rules.ts';

export interface History {
  readonly personId: string;
  /** By time, the new ones among them. */
  readonly ordered: readonly SignIn[];
  /** By id. */
  readonly isNew: ReadonlySet<string>;
  /** Nothing before it is new. */
  readonly from: number;
  /** Whether some that were known happened after the first that is new, so that verdicts on them may change. */
  readonly isLate: boolean;
}

/** Most sign-ins of a person that are looked at, the latest first. */
const mostSignIns = 2_000;
/** Read and remembered beyond that, so that what comes in another order than it happened finds all that it needs. */
const slackMs = dayMs;
/** Most that are read at once. */
const mostRead = 20_000;
const fields = { _id: 1, actorId: 1, occurredAt: 1, ipAddress: 1, place: 1, userAgent: 1, clientId: 1 };

/** @param people their new sign-ins, which are stored already */
export async function historiesOf(
  { models }: Pick<Sentinel, 'models'>,
  people: ReadonlyMap<string, readonly Happened[]>,
  { signIns: remembered }: Pick<Turn, 'signIns'>,
): Promise<History[]> {
  const asked = [...people].map(([personId, own]) => {
    const from = Math.min(...own.map(({ occurredAt }) => occurredAt.getTime()));
    // A verdict on a sign-in looks back so far, and what came late may be before others.
    const since = from - (lookBackDays + 1) * dayMs;
    return { personId, own, from, since, readFrom: since - slackMs };
  });
  const isKnown = ({ personId, since }: Pick<Asked, 'personId' | 'since'>) =>
    (remembered.recall(personId)?.from ?? Infinity) <= since;
  const unknown = asked.filter((each) => !isKnown(each));
  const read = await readAll(models, unknown);
  return asked.map(({ personId, own, from, since, readFrom }) => {
    const known = read.get(personId) ?? remembered.recall(personId)?.all ?? [];
    const start = read.has(personId) ? readFrom : Math.max(readFrom, remembered.recall(personId)?.from ?? 0);
    const isNew = new Set(own.map(({ _id }) => _id));
    const old = known.filter(({ id, at }) => at > start && !isNew.has(id));
    const all = [...old, ...own.map(signInOf)].sort(inOrder).slice(-mostSignIns);
    remembered.remember(personId, { from: start, all });
    const ordered = all.filter(({ at }) => at > since);
    return { personId, ordered, isNew, from, isLate: old.some(({ at }) => at >= from) };
  });
}

interface Asked {
  readonly personId: string;
  readonly since: number;
  readonly readFrom: number;
}

/** By person, whoever has none among them. Of one person the latest; of several all, or else those of each half. */
async function readAll(
  models: Sentinel['models'],
  people: readonly Asked[],
): Promise<ReadonlyMap<string, SignIn[]>> {
  if (people.length === 0) return new Map();
  const query = models.SecurityEvent.find(
    {
      ...{ actorId: { $in: people.map(({ personId }) => personId) }, type: 'SIGN_IN_SUCCEEDED' },
      occurredAt: { $gt: new Date(Math.min(...people.map(({ readFrom }) => readFrom))) },
    },
    fields,
  );
  // By name: a server that plans badly would read all of the tenant.
  query.hint(personIndex);
  const isOne = people.length === 1;
  const asked = isOne ? query.sort({ occurredAt: -1 }).limit(mostSignIns) : query.limit(mostRead + 1);
  const rows = await asked.lean<SecurityEventRow[]>();
  if (!isOne && rows.length > mostRead) {
    const half = Math.ceil(people.length / 2);
    const first = await readAll(models, people.slice(0, half));
    return new Map([...first, ...(await readAll(models, people.slice(half)))]);
  }
  const found = new Map(people.map(({ personId }): [string, SignIn[]] => [personId, []]));
  for (const row of rows) {
    found.get(row.actorId ?? '')?.push(signInOf(row));
  }
  return found;
}

export function signInOf(
  row: Pick<SecurityEventRow, '_id' | 'occurredAt'> &
    Partial<Pick<SecurityEventRow, 'ipAddress' | 'place' | 'userAgent' | 'clientId'>>,
): SignIn {
  const { _id: id, occurredAt, ipAddress = null, place = null, userAgent = null, clientId = null } = row;
  return { id, at: occurredAt.getTime(), ipAddress, place, userAgent, clientId };
}
