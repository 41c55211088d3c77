import { currentTenant } from '@supergraph/chassis/tenancy';
import { invalidInput, limitReached } from '../refusals.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { newSamples } from './input.ts';
import { sampleStoreOf, TooManySeries } from './storing.ts';

export const recordMetrics: MutationResolvers['recordMetrics'] = async (_, { input }, { service }) => {
  const parsed = newSamples(Date.now()).safeParse(input);
  if (!parsed.success) return { recorded: 0, errors: invalidInput(parsed.error) };
  const tenantId = currentTenant();
  const samples = parsed.data.samples.map(({ at, ...sample }) => ({ ...sample, tenantId, at: at.getTime() }));
  try {
    await sampleStoreOf(service).store(samples);
  } catch (error) {
    if (!(error instanceof TooManySeries)) throw error;
    const limit = service.config.METRIC_SERIES_PER_TENANT;
    return { recorded: 0, errors: [limitReached('series with a sample within a day', limit)] };
  }
  return { recorded: samples.length, errors: [] };
};
