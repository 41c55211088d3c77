// For tests only: a small subgraph that uses every part of the chassis.
import mongoose from 'mongoose';
import { type ChassisConfig, chassisConfig } from '../config.ts';
import { badUserInput, notFound } from '../errors.ts';
import { newId } from '../identifiers.ts';
import { countList } from '../list-budget.ts';
import { entityLoader } from '../loader.ts';
import { type Models, platformWide, tenantOwned } from '../models.ts';
import { findPage, type PageArguments, parsePage } from '../pagination.ts';
import { defineSubgraph, type Service, type SubgraphContext } from '../subgraph.ts';

function sampleModels() {
  const note = new mongoose.Schema({
    _id: { type: String, default: () => newId('note') },
    text: { type: String, required: true },
    rank: { type: Number, default: null },
  });
  const address = new mongoose.Schema({
    _id: { type: String, required: true },
  });
  const tally = new mongoose.Schema({
    _id: { type: String, required: true },
    seen: { type: Number, default: 0 },
  });
  return {
    Note: tenantOwned(note),
    Address: tenantOwned(address, { residence: 'home' }),
    Tally: platformWide(tally, 'counts what was loaded'),
  };
}

type SampleService = Service<ChassisConfig, Models<ReturnType<typeof sampleModels>>>;
type Context = SubgraphContext<SampleService, ReturnType<typeof sampleLoaders>>;

function sampleLoaders(service: SampleService) {
  return { note: entityLoader(service.models.Note) };
}

/** Something that a test holds back and lets go, and sees when it is reached. */
export interface Gate {
  open(): void;
  readonly passage: Promise<void>;
  arrive(): void;
  readonly arrival: Promise<void>;
}

export function createGate(): Gate {
  let open: () => void = () => undefined;
  let arrive: () => void = () => undefined;
  const passage = new Promise<void>((resolve) => {
    open = resolve;
  });
  const arrival = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  return { open: () => open(), passage, arrive: () => arrive(), arrival };
}

export interface SampleOptions {
  /** What `slow` waits for. */
  gate?: Gate;
  /** Called when the context's signal of an operation is aborted. */
  onAbort?: () => void;
}

/** The definition; made anew for each start, since a schema belongs to one connection's models. */
export function sampleSubgraph({ gate = createGate(), onAbort = () => undefined }: SampleOptions = {}) {
  return defineSubgraph({
    name: 'sample',
    schema: new URL('./sample.graphql', import.meta.url),
    config: chassisConfig,
    models: sampleModels(),
    loaders: sampleLoaders,
    handlers: {
      async 'arthemiz.tenant.renamed.v1'({ event, service, push }) {
        const note = await service.models.Note.create({ text: event.data.name });
        push('note-written', { id: note._id });
      },
    },
    routes: () => [
      { path: '/own', handle: (_request, response) => void response.end('own') },
      {
        path: '/own/refusal',
        handle: () => {
          throw notFound('There is nothing here.');
        },
      },
      {
        path: '/own/failure',
        handle: async () => {
          throw new Error('secret detail');
        },
      },
    ],
    resolvers: sampleResolvers({ gate, onAbort }),
  });
}

function sampleResolvers({ gate, onAbort }: Required<SampleOptions>) {
  return {
    Query: {
      note: (_: unknown, { id }: { id: string }, { loaders }: Context) => loaders.note.load(id),
      notes: (_: unknown, given: PageArguments, { models }: Context) =>
        findPage(models.Note, { page: parsePage(given), sort: { field: 'text', direction: 'ascending' } }),
      greeting: () => 'hello',
      address: (_: unknown, __: unknown, { request }: Context) => request.ipAddress,
      slow: async (_: unknown, __: unknown, { signal }: Context) => {
        if (signal.aborted) onAbort();
        signal.addEventListener('abort', onAbort);
        gate.arrive();
        await gate.passage;
        return 'done';
      },
      fails: (_: unknown, { how }: { how: string }) => {
        if (how === 'input') throw badUserInput('That will not do.', { cause: new Error('because') });
        if (how === 'database')
          throw Object.assign(new Error('mongodb://u:p@h'), { name: 'MongoNetworkError' });
        throw new Error(`secret detail of ${how}`);
      },
      countLists: (_: unknown, { to }: { to: number }) => {
        for (let read = 0; read < to; read++) countList();
        return to;
      },
      unmarked: () => 'never seen',
    },
    Mutation: {
      writeNote: (_: unknown, { text }: { text: string }, { service, models }: Context) =>
        service.transaction(async ({ push }) => {
          const [note] = await models.Note.create([{ text }]);
          push('note-written', { id: note?._id });
          return note;
        }),
    },
    Subscription: {
      noteWritten: {
        subscribe: (_: unknown, __: unknown, { service, signal }: Context) => {
          signal.addEventListener('abort', onAbort);
          return service.live.subscribe('note-written', { signal });
        },
        resolve: ({ id }: { id: string }, _: unknown, { loaders }: Context) => loaders.note.load(id),
      },
      counted: {
        // A generator that waits for nothing a signal could end, as careless code does.
        async *subscribe(_: unknown, { to }: { to: number }) {
          for (let number = 1; number <= to; number++) yield { counted: number };
          if (to < 0) throw new Error('secret detail of counting');
          if (to === 0) await new Promise(() => undefined);
        },
      },
    },
    Note: {
      id: ({ _id }: { _id: string }) => _id,
      __resolveReference: ({ id }: { id: string }, { loaders }: Context) => loaders.note.load(id),
    },
  };
}
