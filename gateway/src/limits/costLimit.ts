import { costLimitExceeded, type PlatformError } from '@supergraph/chassis/errors';

/** The error for an operation that costs more than is allowed; undefined where it does not. */
export function refuseCost(estimated: number, maximum: number): PlatformError | undefined {
  if (estimated <= maximum) return undefined;
  const [asked, allowed] = [estimated, maximum].map((cost) => cost.toLocaleString('en'));
  return costLimitExceeded(
    `The operation may cost up to ${asked}; ${allowed} are allowed. Ask for smaller pages (first), fewer lists within lists, fewer fields, or in several operations.`,
    { extensions: { cost: { estimated, maximum } } },
  );
}
