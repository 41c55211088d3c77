// Entities that live events ask for, asked together: a stream's events that come while one request is under way share
// the next, which costs a subgraph, and the gateway, little more than one event's would. They are told in their order,
// so none is told later for having waited.
import type { OperationContext } from '../context.ts';
import type { DividedFetch, FetchBody } from './fetchBody.ts';
import { entitiesIn, parseSubgraphAnswer, type SubgraphAnswer } from './subgraphAnswer.ts';
import type { SubgraphClient } from './subgraphClient.ts';

/** What waits is asked for in any case when it has come to this many entities. */
const mostEntities = 100;

/** The subgraph's client, for one fetch of entities, which the events of a stream make in one and the same context. */
export function gatheringClient(
  client: SubgraphClient,
  { body }: { body: Pick<FetchBody, 'divided'> },
): SubgraphClient {
  const streams = new WeakMap<OperationContext, Gathering>();

  function gatheringOf(variables: string, context: OperationContext): Gathering {
    let gathering = streams.get(context);
    if (gathering?.variables !== variables) {
      const ask = (representations: readonly string[]) =>
        client.fetch(body.divided(variables, representations), context);
      gathering = new Gathering({ variables, ask });
      streams.set(context, gathering);
    }
    return gathering;
  }

  return {
    ...client,
    // Whoever compiled the fetch made its requests, too, by `compileFetchBody`.
    fetch(request, context) {
      const { variables = '', representations } = request as Partial<DividedFetch>;
      if (representations === undefined) return client.fetch(request, context);
      return gatheringOf(variables, context).fetch(representations);
    },
  };
}

interface GatheringOptions {
  /** The fetch's variables but for the entities. */
  variables: string;
  ask(representations: readonly string[]): Promise<string>;
}

/** An event that waits for its entities. */
interface Waiter {
  representations: readonly string[];
  resolve(text: string): void;
  reject(error: unknown): void;
}

class Gathering {
  readonly variables: string;
  readonly #ask: GatheringOptions['ask'];
  #waiters: Waiter[] = [];
  /** Each entity that is waited for, with its place in the request. */
  #places = new Map<string, number>();
  #isPlanned = false;
  #underWay = 0;

  constructor({ variables, ask }: GatheringOptions) {
    this.variables = variables;
    this.#ask = ask;
  }

  fetch(representations: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiters.push({ representations, resolve, reject });
      for (const each of representations)
        if (!this.#places.has(each)) this.#places.set(each, this.#places.size);
      if (this.#places.size >= mostEntities) void this.#send();
      else if (this.#underWay === 0) this.#plan();
    });
  }

  #plan(): void {
    if (this.#isPlanned) return;
    this.#isPlanned = true;
    // What came in one piece is asked for in one go.
    setImmediate(() => {
      this.#isPlanned = false;
      void this.#send();
    });
  }

  async #send(): Promise<void> {
    const waiters = this.#waiters;
    const places = this.#places;
    if (waiters.length === 0) return;
    this.#waiters = [];
    this.#places = new Map();
    this.#underWay += 1;
    try {
      const text = await this.#ask([...places.keys()]);
      const [first] = waiters;
      if (first !== undefined && waiters.length === 1) return first.resolve(text);
      const answer = parseSubgraphAnswer(text);
      const told = answer.data ? entitiesIn(answer.data, places.size) : undefined;
      for (const { representations, resolve } of waiters)
        resolve(partOf({ told, errors: answer.errors }, { representations, places }));
    } catch (error) {
      for (const { reject } of waiters) reject(error);
    } finally {
      this.#underWay -= 1;
      if (this.#underWay === 0 && this.#waiters.length > 0) void this.#send();
    }
  }
}

interface Told extends Pick<SubgraphAnswer, 'errors'> {
  /** Undefined where there are errors alone. */
  told: readonly unknown[] | undefined;
}

/** What an answer says of some of its entities, and of none of them, as an answer of its own. */
function partOf(
  { told, errors = [] }: Told,
  { representations, places }: { representations: readonly string[]; places: ReadonlyMap<string, number> },
): string {
  const own = representations.map((each) => places.get(each));
  const entities = told && own.map((place) => told[place ?? -1] ?? null);
  const said = errors.flatMap((error) => {
    const [field, place, ...rest] = error.path ?? [];
    if (field !== '_entities' || typeof place !== 'number') return [error];
    const index = own.indexOf(place);
    return index < 0 ? [] : [{ ...error, path: [field, index, ...rest] }];
  });
  const part = { data: entities ? { _entities: entities } : null };
  return JSON.stringify(said.length > 0 ? { ...part, errors: said } : part);
}
