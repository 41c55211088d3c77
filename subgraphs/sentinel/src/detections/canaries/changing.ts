import { isDuplicateKey } from '@supergraph/chassis/database';
import { z } from 'zod';
import { personOf } from '../../responses/resolvers.ts';
import type { MutationResolvers, Resolvers } from '../../schema.generated.ts';
import { canaryExists, canaryLimitReached, canaryNotFound, invalidDetectionInput } from '../refusals.ts';
import { type CanaryRow, canaryKinds } from './model.ts';

const mostCanaries = 100;

const canaryInput = z
  .object({
    name: z.string().trim().min(1).max(100),
    kind: z.enum(canaryKinds),
    value: z.string().trim().min(1).max(200),
  })
  .refine(({ kind, value }) => shapes[kind].test(value), {
    path: ['value'],
    error: 'is the id of a person or program, or a coordinate such as Finding.title',
  });
const shapes = {
  PERSON: /^per_[\w-]{1,60}$/,
  CLIENT: /^[\w-]{1,100}$/,
  FIELD: /^\w{1,100}\.\w{1,99}$/,
};

const createCanary: MutationResolvers['createCanary'] = async (_, { input }, { service, models, viewer }) => {
  const parsed = canaryInput.safeParse(input);
  if (!parsed.success) return { canary: null, errors: invalidDetectionInput(parsed.error) };
  try {
    return await service.transaction(async () => {
      if ((await models.Canary.countDocuments()) >= mostCanaries)
        return { canary: null, errors: [canaryLimitReached(mostCanaries)] };
      const canary = new models.Canary({ ...parsed.data, createdBy: viewer.subject, createdAt: new Date() });
      await canary.save();
      return { canary: canary.toObject(), errors: [] };
    });
  } catch (error) {
    if (isDuplicateKey(error)) return { canary: null, errors: [canaryExists] };
    throw error;
  }
};

const deleteCanary: MutationResolvers['deleteCanary'] = (_, { input }, { service, models }) =>
  service.transaction(async () => {
    const canary = await models.Canary.findOneAndDelete({ _id: input.id }).lean<CanaryRow>();
    return { canary, errors: canary === null ? [canaryNotFound] : [] };
  });

export const canaryResolvers: Resolvers = {
  Query: { canaries: (_, __, { models }) => models.Canary.find().sort({ _id: 1 }).lean<CanaryRow[]>() },
  Mutation: { createCanary, deleteCanary },
  Canary: {
    id: (canary) => canary._id,
    createdBy: ({ createdBy }) => personOf(createdBy),
  },
};
