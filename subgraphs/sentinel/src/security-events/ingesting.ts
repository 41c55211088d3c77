// Accesses that other products saw, by the API: as many as one mutation holds.
import type { MutationResolvers } from '../schema.generated.ts';
import { admitted, mostEvents, takeLines } from './taking.ts';

export const ingestAccessEvents: MutationResolvers['ingestAccessEvents'] = async (
  _,
  { input: { ndjson } },
  { service },
) => {
  const lines = ndjson
    .split('\n')
    .flatMap((json, index) => (json.trim() === '' ? [] : [{ json, line: index + 1 }]));
  if (lines.length === 0 || lines.length > mostEvents) {
    const message = `has ${lines.length} events; 1 to ${mostEvents} are taken at once`;
    const error = { __typename: 'InvalidDetectionInput' as const, message, field: 'ndjson' };
    return { acceptedCount: 0, duplicates: [], refusals: [], errors: [error] };
  }
  const { acceptedCount, duplicates, refusals } = await admitted(() => takeLines(service, lines));
  return { acceptedCount, duplicates: [...duplicates], refusals: [...refusals], errors: [] };
};
