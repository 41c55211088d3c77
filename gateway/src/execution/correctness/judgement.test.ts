// Executors that are wrong in one way each: none may pass for right.
import { describe, expect, it } from '@jest/globals';
import { corpus } from './corpus/index.ts';
import { type Answer, type RunOperation, runWithApollo } from './executors.ts';
import type { FaultKind } from './faults.ts';
import { type LoadedCase, loadCase } from './federatedCase.ts';
import type { Subgraphs } from './subgraphs.ts';
import { tryOut } from './trial.ts';

function caseOf(name: string): LoadedCase {
  const definition = corpus.find((each) => each.name === name);
  if (!definition) throw new Error(`The corpus has no case ${name}.`);
  return loadCase(definition);
}

const people = caseOf('entities that refer to each other');
const changes = caseOf('changes in order over three subgraphs');

/** The first that is wrong of what comes of some seeds. */
async function complaintOf(
  run: RunOperation,
  { faults = 'none', loaded = people }: { faults?: FaultKind; loaded?: LoadedCase } = {},
): Promise<string | undefined> {
  for (let seed = 0; seed < 20; seed += 1) {
    const found = await tryOut({ run, loaded, seed: String(seed), faults });
    if (found) return found;
  }
  return undefined;
}

const changing =
  (change: (answer: Answer) => Answer): RunOperation =>
  async (operation) =>
    change(await runWithApollo(operation));

describe('what passes for right', () => {
  it('is what two agree on', async () => {
    expect(await complaintOf(runWithApollo, { faults: 'fields' })).toBeUndefined();
  });

  it('is no answer in which a value is missing', async () => {
    const without = changing(({ data, errors }) => ({
      data: JSON.parse(JSON.stringify(data, (key, value) => (key === 'title' ? null : value))),
      errors,
    }));
    expect(await complaintOf(without)).toContain('unlike one schema: data.');
  });

  it('is no answer that does not say what failed', async () => {
    const silent = changing(({ data }) => ({ data, errors: [] }));
    expect(await complaintOf(silent, { faults: 'fields' })).toContain('missing [{"message":"');
    expect(await complaintOf(silent, { faults: 'subgraphs' })).toContain('no errors, unlike Apollo');
  });

  it('is no answer that tells it of another place', async () => {
    const shifted = changing(({ data, errors }) => ({
      data,
      errors: errors.map(({ path = [], ...error }) => ({
        ...error,
        path: path.map((key) => (typeof key === 'number' ? key + 1 : key)),
      })),
    }));
    const found = await complaintOf(shifted, { faults: 'fields' });
    expect(found).toMatch(/an error is where nothing is missing|an error at .*, not at/);
  });

  it('is no answer for which changes were made twice', async () => {
    const twice: RunOperation = (operation) => {
      const subgraphs: Subgraphs = new Map(
        [...operation.subgraphs].map(([name, ask]) => [
          name,
          async (request) => {
            if (request.query.startsWith('mutation')) await ask(request);
            return ask(request);
          },
        ]),
      );
      return runWithApollo({ ...operation, subgraphs });
    };
    expect(await complaintOf(twice, { loaded: changes })).toContain('unlike one schema: data.');
  });
});
