// A detection rule: a Sigma text of which one part stands for itself.
import { LRUCache } from 'lru-cache';
import { type Severity, severities } from '../findings/rules.ts';
import { compileSigma, isMonotone, SigmaError, type SigmaRule } from '../sigma/index.ts';

/** A rule as it is evaluated and shown, everybody's or the tenant's own. */
export interface Rule {
  /** Of one that everybody has, its name. */
  readonly id: string;
  readonly sigma: string;
  readonly version: number;
  readonly isBuiltIn: boolean;
  readonly isEnabled: boolean;
}

export interface CompiledRule {
  /** What is counted comes first. */
  readonly parts: readonly SigmaRule[];
  /** The part that stands for itself. */
  readonly output: SigmaRule;
  readonly severity: Severity;
  readonly techniques: readonly string[];
}

/** By their text, so that a rule that many tenants have is compiled once. */
const compiled = new LRUCache<string, CompiledRule>({
  maxSize: 32 * 1_024 * 1_024,
  sizeCalculation: (_, sigma) => sigma.length * 10,
});

/** @throws SigmaError */
export function compileRule(sigma: string): CompiledRule {
  const known = compiled.get(sigma);
  if (known !== undefined) return known;
  const parts = compileSigma(sigma);
  const [output, ...others] = parts.filter(({ isOutput }) => isOutput);
  if (output === undefined || others.length > 0) {
    throw new SigmaError('One part of the text has to stand for itself, and no more than one.', {
      ...{ code: 'INVALID', path: '' },
    });
  }
  for (const part of parts) {
    if (part.kind !== 'correlation' || isMonotone(part)) continue;
    throw new SigmaError(
      'only gt and gte are told as it happens: fewer than so many is known at the end alone',
      {
        ...{ code: 'UNSUPPORTED', path: 'correlation.condition' },
      },
    );
  }
  const level = (output.level ?? 'medium').toUpperCase();
  const rule = {
    ...{ parts, output },
    severity: severities.find((each) => each === level) ?? 'MEDIUM',
    techniques: output.tags.flatMap(
      (tag) => /^attack\.(t\d{4}(?:\.\d{3})?)$/.exec(tag)?.[1]?.toUpperCase() ?? [],
    ),
  };
  compiled.set(sigma, rule);
  return rule;
}
