// What the planner is kept from: operations that few letters make it think about for minutes.
import { composeServices } from '@apollo/composition';
import { operationFromDocument, Supergraph } from '@apollo/federation-internals';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { parse } from 'graphql';
import type { AuthorizedOperation } from '../authorization/authorizeOperation.ts';
import { createExecutor } from './executor.ts';
import { createPlanner, type PlannerOptions } from './planner.ts';
import { loadSupergraph } from './supergraph.ts';

/** Ten subgraphs that know all of one type but a field each, by three keys: each step can be taken in thirty ways. */
const services = Array.from({ length: 10 }, (_, number) => ({
  name: `s${number}`,
  url: `http://s${number}.invalid`,
  typeDefs: parse(`
    extend schema @link(url: "https://specs.apollo.dev/federation/v2.5", import: ["@key", "@shareable"])
    type Query { ${number === 0 ? 'top: Thing' : `own${number}: Int`} }
    type Thing @key(fields: "x") @key(fields: "y") @key(fields: "z") {
      x: ID! y: ID! z: ID!
      a: Int @shareable next: Thing @shareable
      f${number}: Int
    }`),
}));

let supergraphSdl: string;
beforeAll(() => {
  supergraphSdl = composeServices(services).supergraphSdl ?? '';
});

function plannerOf(options: PlannerOptions = {}) {
  const supergraph = Supergraph.build(supergraphSdl);
  const planner = createPlanner(supergraph, options);
  return (text: string) => planner.plan(operationFromDocument(supergraph.apiSchema(), parse(text)));
}

const nested = (levels: number): string =>
  levels === 0 ? 'a f1 f2' : `next { ${nested(levels - 1)} } a f1 f2`;
const refusal = expect.objectContaining({ code: 'COST_LIMIT_EXCEEDED' });

describe('the planner', () => {
  it('gives up what can be planned in too many ways', () => {
    const plan = plannerOf({ deadlineMs: 60_000 });
    // Unbounded it takes minutes, and the memory that there is.
    expect(() => plan(`{ top { ${nested(8)} } }`)).toThrow(refusal);
  });

  it('is stopped in the middle of what takes too long, and plans what comes next', () => {
    const plan = plannerOf({ deadlineMs: 30 });
    const startedAt = performance.now();
    expect(() => plan(`{ top { ${nested(3)} } }`)).toThrow(refusal);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(plan('{ own1 }').node).toMatchObject({ kind: 'Fetch', serviceName: 's1' });
  });
});

describe('what could not be planned', () => {
  it('is refused at once when it is sent again', () => {
    const logger = createLogger({ service: 'test', level: 'silent' });
    const executor = createExecutor({
      ...{ supergraph: loadSupergraph(supergraphSdl), subgraphs: new Map(), logger },
    });
    const document = parse(`{ top { ${nested(8)} } }`);
    const authorized: AuthorizedOperation = {
      ...{ document, asked: document, isWhole: true, typenameKey: '__typename', digest: '' },
      ...{ denials: new Map(), argumentDenials: new Map(), ownerships: new Map() },
    };
    const ask = () => executor.prepare({ key: 'a', bytes: 1, operationName: undefined, authorized });
    expect(ask).toThrow(refusal);
    const startedAt = performance.now();
    expect(ask).toThrow(refusal);
    expect(performance.now() - startedAt).toBeLessThan(20);
  });
});
