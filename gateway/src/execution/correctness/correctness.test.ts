// Executors against each other, and against graphql-js over the same data as if it were one schema: over the
// whole corpus, with operations, data and failures at random. README.md says how to run many more.
import { describe, expect, it } from '@jest/globals';
import { corpus } from './corpus/index.ts';
import { executors } from './executors.ts';
import { loadCase } from './federatedCase.ts';
import { faultKinds, tryOut } from './trial.ts';

/** Of each schema and kind of failure. */
const seeds = Number(process.env.CORRECTNESS_SEEDS ?? 3);

describe.each(corpus)('$name', (definition) => {
  const loaded = loadCase(definition);

  it.each(faultKinds)('is executed as it should be, failures: %s', async (faults) => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const found = await tryOut({ run: executors.ours, loaded, seed: String(seed), faults });
      expect(found ?? 'right').toBe('right');
    }
  });

  // The planner divides what it gets wrong in another way, and gets other things wrong.
  if (definition.unlikeMonolith !== undefined) return;
  it('is executed alike when parts of it are deferred', async () => {
    for (let seed = 0; seed < seeds; seed += 1) {
      const found = await tryOut({
        ...{ run: executors['ours-in-parts'], loaded, seed: String(seed), faults: 'none' },
      });
      expect(found ?? 'right').toBe('right');
    }
  });
});
