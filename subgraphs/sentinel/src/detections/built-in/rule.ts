import type { RuleExample } from '../examples.ts';

/** A rule that everybody has, with examples that it is tested by. */
export interface BuiltInRule {
  /** Its id, which never changes. */
  readonly id: string;
  readonly version: number;
  readonly sigma: string;
  readonly examples: readonly RuleExample[];
}
