// The order of the test files: by size, as jest has it, but for two small files that take minutes. Begun last they would
// keep one core waiting for the other.
import Sequencer from '@jest/test-sequencer';

const first = ['/clients/console/e2e/', '/infra/bench/'];
const isFirst = ({ path }) => first.some((folder) => path.includes(folder));

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const bySize = super.sort(tests);
    return [...bySize.filter(isFirst), ...bySize.filter((test) => !isFirst(test))];
  }
}
