// Expected reasons for which nothing became of a domain, as the schema's DomainError types state them.
import type { z } from 'zod';
import type { DomainRow } from './model.ts';
import { maximumDomains, recordName, recordValue } from './rules.ts';

export type DomainRefusal =
  | { __typename: 'InvalidDomainInput'; message: string; field: string }
  | { __typename: 'DomainNotFound'; message: string }
  | { __typename: 'DomainTaken'; message: string }
  | { __typename: 'DomainNotProven'; message: string }
  | { __typename: 'DomainLimitReached'; message: string };

/** One refusal for each problem that the schema found. */
export function invalidInput({ issues }: z.ZodError): DomainRefusal[] {
  return issues.map(({ path, message }) => {
    const field = path.join('.');
    return { __typename: 'InvalidDomainInput', message: `The ${field} ${message}.`, field };
  });
}

export const domainNotFound = (message = 'The tenant has no domain of this id.'): DomainRefusal => ({
  __typename: 'DomainNotFound',
  message,
});

export const domainTaken = (name: string): DomainRefusal => ({
  __typename: 'DomainTaken',
  message: `Another tenant has verified ${name}. It has to remove the domain first.`,
});

export const domainNotProven = ({ name, challenge }: DomainRow): DomainRefusal => ({
  __typename: 'DomainNotProven',
  message: `There is no TXT record of ${recordName(name)} with the value ${recordValue(challenge)} yet. New records may take an hour until they are seen.`,
});

export const domainLimitReached = (): DomainRefusal => ({
  __typename: 'DomainLimitReached',
  message: `The tenant has ${maximumDomains} domains, which is the most. Remove one first.`,
});
