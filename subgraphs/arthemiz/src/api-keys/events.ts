// Facts about API keys that others hear of; never a key.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { ApiKeyRow } from './model.ts';

type Told = Pick<ApiKeyRow, '_id' | 'name' | 'permissions' | 'createdBy' | 'expiresAt'>;

export function tellApiKeyCreated({ emit }: UnitOfWork, key: Told): Promise<void> {
  const { _id: apiKeyId, name, permissions, createdBy, expiresAt } = key;
  return emit('arthemiz.api-key.created.v1', {
    subject: apiKeyId,
    data: { apiKeyId, name, permissions, createdBy, expiresAt: expiresAt.toISOString() },
  });
}

export function tellApiKeyRotated(
  { emit }: UnitOfWork,
  { _id: apiKeyId, expiresAt, previousEndsAt }: Pick<Told, '_id' | 'expiresAt'> & { previousEndsAt: Date },
): Promise<void> {
  return emit('arthemiz.api-key.rotated.v1', {
    subject: apiKeyId,
    data: {
      apiKeyId,
      expiresAt: expiresAt.toISOString(),
      previousEndsAt: previousEndsAt.toISOString(),
    },
  });
}

export function tellApiKeyRevoked(
  { emit }: UnitOfWork,
  { _id: apiKeyId, revokedBy }: Pick<Told, '_id'> & { revokedBy: string },
): Promise<void> {
  return emit('arthemiz.api-key.revoked.v1', { subject: apiKeyId, data: { apiKeyId, revokedBy } });
}
