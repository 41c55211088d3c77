// The expected reasons for which a change is refused, as the schema's HealthError types; GraphQL reads the type's
// name off the value.
import type { z } from 'zod';

/** One error for each problem that zod found. */
export function invalidInput({ issues }: z.ZodError) {
  return issues.map(({ path, message }) => ({
    __typename: 'InvalidHealthInput' as const,
    message,
    field: path.join('.') || 'input',
  }));
}

export function limitReached(what: 'services' | 'checks', limit: number) {
  const message = `A tenant may have ${limit} ${what}. Delete some that are no longer needed.`;
  return { __typename: 'HealthLimitReached' as const, message, limit };
}

export const serviceNotFound = {
  __typename: 'ServiceNotFound' as const,
  message: 'There is no service of this id.',
};

export const checkNotFound = {
  __typename: 'CheckNotFound' as const,
  message: 'There is no check of this id.',
};

export const targetRefused = {
  __typename: 'CheckTargetRefused' as const,
  message: 'The target is not on a public address. Give one that the internet can reach.',
};

export const platformCheckProtected = {
  __typename: 'PlatformCheckProtected' as const,
  message: 'The platform keeps this check itself. Pause it instead.',
};
