// Ids of assertions that were used, kept until these have expired. The provider looks whether one is there and then
// stores it; a second one that came between must not be stored as well.
import { isDuplicateKey } from '@supergraph/chassis/database';
import { type Adapter, errors } from 'oidc-provider';
import type { Arthemiz } from '../context.ts';
import { artifactId } from './artifact-model.ts';

export function replayDetectionAdapter({ models }: Arthemiz, adapter: Adapter): Adapter {
  return {
    ...adapter,
    async upsert(id, payload, expiresIn = 600) {
      const kind = 'ReplayDetection';
      try {
        await models.OidcArtifact.create([
          {
            _id: artifactId(kind, id),
            kind,
            payload: JSON.stringify(payload),
            expiresAt: new Date(Date.now() + expiresIn * 1000),
          },
        ]);
      } catch (error) {
        if (isDuplicateKey(error)) throw new errors.InvalidRequest('the assertion was used already');
        throw error;
      }
    },
  };
}
