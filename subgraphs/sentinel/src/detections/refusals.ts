// The expected reasons for which a change of findings or rules is refused, as the schema's DetectionError types.
import type { z } from 'zod';
import type { FindingStatus } from '../findings/rules.ts';
import type { SigmaError } from '../sigma/index.ts';

/** One error for each problem that zod found. */
export function invalidDetectionInput({ issues }: z.ZodError) {
  return issues.map(({ path, message }) => ({
    __typename: 'InvalidDetectionInput' as const,
    message,
    field: path.join('.') || 'input',
  }));
}

export function wrongDetectionInput(field: string, message: string) {
  return { __typename: 'InvalidDetectionInput' as const, message, field };
}

export function invalidSigmaRule({ message, path, code }: Pick<SigmaError, 'message' | 'path' | 'code'>) {
  return { __typename: 'InvalidSigmaRule' as const, message, path, isUnsupported: code === 'UNSUPPORTED' };
}

export function ruleExampleFailed(example: string, { isFound }: { isFound: boolean }) {
  const message = isFound
    ? `The rule finds nothing in "${example}", where it is to find something.`
    : `The rule finds something in "${example}", where it is to find nothing.`;
  return { __typename: 'RuleExampleFailed' as const, message, example };
}

export const findingNotFound = {
  __typename: 'FindingNotFound' as const,
  message: 'There is no finding of this id.',
};

export function findingStatusRefused(status: FindingStatus, wanted: FindingStatus) {
  const message = `A finding that is ${status} does not become ${wanted}.`;
  return { __typename: 'FindingStatusRefused' as const, message, status };
}

export const detectionRuleNotFound = {
  __typename: 'DetectionRuleNotFound' as const,
  message: 'There is no rule of this id.',
};

export const suppressionNotFound = {
  __typename: 'SuppressionNotFound' as const,
  message: 'There is no suppression of this id.',
};

export const canaryNotFound = {
  __typename: 'CanaryNotFound' as const,
  message: 'There is no canary of this id.',
};

export const canaryExists = {
  __typename: 'InvalidDetectionInput' as const,
  message: 'is watched already',
  field: 'value',
};

export function suppressionLimitReached(limit: number) {
  return detectionLimit(limit, `A tenant may have ${limit} suppressions.`);
}

export function canaryLimitReached(limit: number) {
  return detectionLimit(limit, `A tenant may have ${limit} canaries.`);
}

function detectionLimit(limit: number, message: string) {
  return { __typename: 'DetectionRuleLimitReached' as const, message, limit };
}

export const detectionRuleBuiltIn = {
  __typename: 'DetectionRuleBuiltIn' as const,
  message: 'Everybody has this rule. Disable it, and create one of your own instead.',
};

export function detectionRuleLimitReached(limit: number) {
  const message = `A tenant may have ${limit} rules of its own.`;
  return { __typename: 'DetectionRuleLimitReached' as const, message, limit };
}
