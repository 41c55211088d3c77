// A rule tests itself: it finds something in some of its examples, and nothing in the others.
import { evaluate, type SigmaEvent } from '../sigma/index.ts';
import { ruleExampleFailed } from './refusals.ts';
import { compileRule } from './rule.ts';

export interface RuleExample {
  readonly name: string;
  /** In OCSF shape; `time` in milliseconds. */
  readonly events: readonly SigmaEvent[];
  readonly isFound: boolean;
}

/** Those that don't come out as they say. @throws SigmaError */
export function failedExamples(sigma: string, examples: readonly RuleExample[]) {
  const { parts } = compileRule(sigma);
  return examples
    .filter(({ events, isFound }) => {
      const logged = events.map((fields, index) => ({
        id: String(index),
        at: Number(fields.time ?? index),
        fields,
      }));
      return evaluate(parts, logged).length > 0 !== isFound;
    })
    .map(({ name, isFound }) => ruleExampleFailed(name, { isFound }));
}
