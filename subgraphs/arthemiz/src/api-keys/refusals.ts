// Expected reasons for which nothing became of an API key, as the schema's ApiKeyError types state them.
import type { z } from 'zod';
import { maximumApiKeys } from './rules.ts';

export type ApiKeyRefusal =
  | { __typename: 'InvalidApiKeyInput'; message: string; field: string }
  | { __typename: 'ApiKeyNotFound'; message: string }
  | { __typename: 'ApiKeyLimitReached'; message: string }
  | { __typename: 'ApiKeyPermissionNotHeld'; message: string; permissions: string[] };

/** One refusal for each problem that the schema found. */
export function invalidInput({ issues }: z.ZodError): ApiKeyRefusal[] {
  return issues.map(({ path, message }) => {
    const field = path.join('.');
    return { __typename: 'InvalidApiKeyInput', message: `The ${field} ${message}.`, field };
  });
}

export const apiKeyNotFound = (message: string): ApiKeyRefusal => ({ __typename: 'ApiKeyNotFound', message });

export const apiKeyLimitReached = (): ApiKeyRefusal => ({
  __typename: 'ApiKeyLimitReached',
  message: `The tenant has ${maximumApiKeys} API keys. Revoke one that nobody uses.`,
});

export const permissionNotHeld = (missing: string[]): ApiKeyRefusal => ({
  __typename: 'ApiKeyPermissionNotHeld',
  message: `You can't give what you don't have yourself: ${missing.join(', ')}.`,
  permissions: missing,
});
