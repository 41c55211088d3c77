// The public federation-gateway-audit, its subgraphs and its expectations, asked of an executor: see README.md.
import { parseArgs } from 'node:util';
import { parse, validate } from 'graphql';
import { z } from 'zod';
import { loadSupergraph, type Supergraph } from '../supergraph.ts';
import { differenceOf } from './comparison.ts';
import { type Answer, executorNames, executors } from './executors.ts';
import type { SubgraphAnswer } from './faults.ts';
import type { SubgraphRequest, Subgraphs } from './subgraphs.ts';

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: 'http://localhost:4900' },
    suite: { type: 'string', default: '' },
    executor: { type: 'string', default: executorNames[0] },
  },
});
const run = executors[z.enum(executorNames).parse(values.executor)];
const tests = z.array(
  z.object({
    query: z.string(),
    expected: z.object({ data: z.unknown().optional(), errors: z.boolean().optional() }),
  }),
);
const addresses = z.array(z.object({ name: z.string(), url: z.string() }));

async function answer(supergraph: Supergraph, subgraphs: Subgraphs, query: string): Promise<Answer> {
  const document = parse(query);
  const errors = validate(supergraph.schema, document);
  if (errors.length > 0) return { data: null, errors };
  return run({ supergraph, document, operationName: undefined, variables: {}, subgraphs, overridden: [] });
}

async function ask(url: string, body: SubgraphRequest): Promise<SubgraphAnswer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  return response.json() as Promise<SubgraphAnswer>; // as GraphQL over HTTP has it
}

async function read(path: string): Promise<unknown> {
  return (await fetch(`${values.from}${path}`, { headers: { accept: 'application/json' } })).json();
}

let [right, all] = [0, 0];
for (const suite of z.array(z.string()).parse(await read('/ids'))) {
  if (!suite.includes(values.suite)) continue;
  const supergraph = loadSupergraph(await (await fetch(`${values.from}/${suite}/supergraph`)).text());
  const subgraphs: Subgraphs = new Map(
    addresses
      .parse(await read(`/${suite}/subgraphs`))
      .map(({ name, url }) => [name, (request) => ask(url, request)]),
  );
  const marks: string[] = [];
  const complaints: string[] = [];
  for (const { query, expected } of tests.parse(await read(`/${suite}/tests`))) {
    const { data, errors } = await answer(supergraph, subgraphs, query).catch((error: unknown) => ({
      data: null,
      errors: [{ message: String(error) }],
    }));
    // The audit's own measure: the data, and whether there are errors where it says whether.
    const isWrong =
      differenceOf(data ?? null, expected.data ?? null) ??
      (expected.errors !== undefined && expected.errors !== errors.length > 0 ? 'errors or none' : undefined);
    marks.push(isWrong === undefined ? '.' : 'X');
    if (isWrong !== undefined)
      complaints.push(`${query}\n${isWrong}\n${errors.map(({ message }) => message).join('\n')}`);
  }
  right += marks.filter((mark) => mark === '.').length;
  all += marks.length;
  process.stdout.write(`${suite} ${marks.join('')}\n${values.suite === '' ? '' : complaints.join('\n')}`);
}
process.stdout.write(`${right} of ${all} right\n`);
