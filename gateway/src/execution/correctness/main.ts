// As many experiments as one likes: see README.md.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { corpus } from './corpus/index.ts';
import { executorNames, executors } from './executors.ts';
import { loadCase } from './federatedCase.ts';
import { faultKinds, tryOut } from './trial.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    from: { type: 'string', default: '0' },
    case: { type: 'string', default: '' },
    faults: { type: 'string', default: '' },
    executor: { type: 'string', default: executorNames[0] },
  },
});
const run = executors[z.enum(executorNames).parse(values.executor)];
const [first, count] = [Number(values.from), Number(values.seeds)];
let failed = 0;
for (const definition of corpus.filter(({ name }) => name.includes(values.case))) {
  const loaded = loadCase(definition);
  for (const faults of faultKinds.filter((kind) => kind.includes(values.faults))) {
    const started = performance.now();
    const complaints: string[] = [];
    for (let seed = first; seed < first + count; seed += 1) {
      const found = await tryOut({ run, loaded, seed: String(seed), faults });
      if (found) complaints.push(found);
    }
    failed += complaints.length;
    const ms = Math.round(performance.now() - started);
    process.stdout.write(
      `${complaints.length > 0 ? '✗' : '✓'} ${definition.name}, failures: ${faults}: ${count - complaints.length} of ${count} right (${ms} ms)\n`,
    );
    for (const found of complaints.slice(0, 2)) process.stdout.write(`${found}\n\n`);
  }
}
process.exitCode = failed > 0 ? 1 : 0;
