// Every federated schema that executors are compared on.
import type { FederatedCase } from '../federatedCase.ts';
import { abstractTypes } from './abstractTypes.ts';
import { changes } from './changes.ts';
import { contexts } from './contexts.ts';
import { interfaceObjects } from './interfaceObjects.ts';
import { keys } from './keys.ts';
import { overrides } from './overrides.ts';
import { provisions } from './provisions.ts';
import { requirements } from './requirements.ts';
import { visibility } from './visibility.ts';

export const corpus: readonly FederatedCase[] = [
  ...keys,
  ...requirements,
  ...provisions,
  ...abstractTypes,
  ...interfaceObjects,
  ...visibility,
  ...changes,
  ...contexts,
  ...overrides,
];
