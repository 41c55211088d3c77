// The expected reasons for which a response is refused, as the schema's ResponseError types.
import type { z } from 'zod';
import type { ResponseStatus } from './rules.ts';

/** One error for each problem that zod found. */
export function invalidResponseInput({ issues }: Pick<z.ZodError, 'issues'>) {
  return issues.map(({ path, message }) => wrongInput(path.join('.') || 'input', message));
}

export function wrongInput(field: string, message: string) {
  return { __typename: 'InvalidResponseInput' as const, message, field };
}

export function responseNotFound(what: 'response' | 'policy' | 'entry' | 'finding') {
  return { __typename: 'ResponseNotFound' as const, message: `There is no ${what} of this id.` };
}

export function responseStatusRefused(status: ResponseStatus, wanted: ResponseStatus) {
  const message = `A response that is ${status} does not become ${wanted}.`;
  return { __typename: 'ResponseStatusRefused' as const, message, status };
}

export const approvalNeeded = {
  __typename: 'ResponseApprovalNeeded' as const,
  message:
    'To do it at once takes the permission response:approve. Propose it, and have somebody approve it.',
};

export const ownProposal = {
  __typename: 'ResponseApprovalNeeded' as const,
  message: 'You proposed it yourself. Somebody else has to approve it.',
};

export function targetAllowed(entryId: string) {
  const message = 'It stands on the allow-list. Take it off there first.';
  return { __typename: 'ResponseTargetAllowed' as const, message, entryId };
}

export const lastOwner = {
  __typename: 'ResponseLocksOut' as const,
  message: 'Nobody who owns the tenant would be left to lift the block. End their sessions instead.',
};

export const ownBlock = {
  __typename: 'ResponseLocksOut' as const,
  message: 'You would block yourself.',
};

export function responseExists(responseId: string) {
  const message = 'The same is done already, or waits for approval.';
  return { __typename: 'ResponseExists' as const, message, responseId };
}

export function responseLimitReached(limit: number, what: string) {
  return {
    __typename: 'ResponseLimitReached' as const,
    message: `A tenant may have ${limit} ${what}.`,
    limit,
  };
}
