// Risks as the schema shows them: counted when they are asked for, so that they never differ from the findings.
import { parseInput } from '@supergraph/chassis/input';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { personOf } from '../responses/resolvers.ts';
import { targetKinds } from '../responses/rules.ts';
import type { Resolvers } from '../schema.generated.ts';
import { type Counted, type Decay, halfLivesCounted, noRisk, risksOf } from './rules.ts';

/** The latest findings that are counted; beyond them a tenant has other worries than their order. */
const mostFindings = 20_000;
const columns = { severity: 1, status: 1, lastSeenAt: 1, subjects: 1, mergedIntoId: 1 } as const;

const pageInput = z.object({
  first: z.number().int().min(1).max(100).nullish(),
  kinds: z.array(z.enum(targetKinds)).min(1).nullish(),
});

export const riskResolvers: Resolvers = {
  Query: {
    async riskiestPrincipals(_, input, context) {
      const { first, kinds } = parseInput(pageInput, input);
      const decay = decayNow(context);
      const risks = risksOf(await counted(context, decay), decay);
      const asked = kinds ? risks.filter(({ kind }) => kinds.includes(kind)) : risks;
      return asked.slice(0, first ?? 20);
    },
    async principalRisk(_, { kind, value }, context) {
      const decay = decayNow(context);
      // As rules name it.
      const [subject = value] = kind === 'NETWORK' ? value.split('/') : [value];
      const found = risksOf(await counted(context, decay, { 'subjects.value': subject }), decay);
      const own = found.find((risk) => risk.kind === kind && risk.value === value);
      return own ?? noRisk({ kind, value }, decay);
    },
  },
  PrincipalRisk: {
    person: ({ kind, value }) => (kind === 'PERSON' ? personOf(value) : null),
    async findings({ findingIds }, _, { loaders }) {
      const rows = await Promise.all(findingIds.map((id) => loaders.finding.load(id)));
      return rows.filter((row) => row !== null);
    },
  },
};

function decayNow({ service }: Context): Decay {
  return { now: new Date(), halfLifeDays: service.config.RISK_HALF_LIFE_DAYS };
}

function counted(
  { models }: Context,
  { now, halfLifeDays }: Decay,
  about: { 'subjects.value'?: string } = {},
): Promise<Counted[]> {
  const since = new Date(now.getTime() - halfLivesCounted * halfLifeDays * 86_400_000);
  return models.Finding.find({ ...about, lastSeenAt: { $gt: since } }, columns)
    .sort({ lastSeenAt: -1 })
    .limit(mostFindings)
    .lean<Counted[]>();
}
