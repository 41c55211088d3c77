// Where tenants' data may lie, for those who run the platform.
import { useQuestion } from '../platform/question.ts';
import { RegionsDocument, type RegionsQuery } from './tenant-operations.generated.ts';

/** None before they are known. */
export function useRegions(): NonNullable<RegionsQuery['regions']> {
  const question = useQuestion(RegionsDocument, { variables: {}, of: ['Region'] });
  return question.data?.regions ?? [];
}
