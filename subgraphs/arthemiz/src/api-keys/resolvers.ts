import { forbidden } from '@supergraph/chassis/errors';
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { createApiKey, revokeApiKey, rotateApiKey } from './changing.ts';
import { invalidInput } from './refusals.ts';
import { newApiKeyInput, revokedApiKeyInput, rotatedApiKeyInput } from './rules.ts';

export const apiKeyResolvers: Resolvers = {
  Query: {
    apiKeys: (_, page, { models }) =>
      findPage(models.ApiKey, {
        page: parsePage(page),
        sort: { field: 'createdAt', direction: 'descending' },
      }),
  },
  Mutation: {
    async createApiKey(_, { input }, { service, viewer }) {
      const parsed = newApiKeyInput.safeParse(input);
      if (!parsed.success) return { ...nothing, errors: invalidInput(parsed.error) };
      refuseKeys(viewer.subject);
      const outcome = await createApiKey(service, { ...parsed.data, creator: viewer });
      return 'refusal' in outcome ? { ...nothing, errors: [outcome.refusal] } : { ...outcome, errors: [] };
    },
    async rotateApiKey(_, { input }, { service, viewer }) {
      const parsed = rotatedApiKeyInput.safeParse(input);
      if (!parsed.success) return { ...nothing, errors: invalidInput(parsed.error) };
      const outcome = await rotateApiKey(service, { ...parsed.data, creator: viewer });
      return 'refusal' in outcome ? { ...nothing, errors: [outcome.refusal] } : { ...outcome, errors: [] };
    },
    async revokeApiKey(_, { input }, { service, viewer }) {
      const parsed = revokedApiKeyInput.safeParse(input);
      if (!parsed.success) return { apiKey: null, errors: invalidInput(parsed.error) };
      const outcome = await revokeApiKey(service, { ...parsed.data, revoker: viewer });
      return 'refusal' in outcome
        ? { apiKey: null, errors: [outcome.refusal] }
        : { apiKey: outcome.apiKey, errors: [] };
    },
  },
  ApiKey: {
    id: (key) => key._id,
    previousEndsAt: (key) => key.previous?.endsAt ?? null,
  },
};

const nothing = { apiKey: null, secret: null };

/** A stolen key could go on as another one, after it was revoked. */
function refuseKeys(subject: string): void {
  if (subject.startsWith('key_'))
    throw forbidden('An API key makes no API keys: sign in, or use a service client.');
}
