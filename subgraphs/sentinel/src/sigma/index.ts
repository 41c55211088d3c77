// Sigma rules and correlations, evaluated in TypeScript. See README.md.
export {
  type CorrelationPlan,
  inOrder,
  isMonotone,
  type Occurrence,
  type Window,
  windowsOf,
} from './correlation.ts';
export { type Level, levels } from './documents.ts';
export { SigmaError } from './errors.ts';
export { evaluate, type Hit, type LoggedEvent } from './evaluation.ts';
export { fieldReader, type SigmaEvent } from './event.ts';
export type { CompileOptions } from './line-test.ts';
export {
  type CorrelatedRule,
  type CorrelationRule,
  compileSigma,
  coversLogSource,
  type DetectionRule,
  type LogSource,
  type SigmaRule,
} from './rules.ts';
