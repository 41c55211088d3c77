// Detection rules as the schema shows them.
import type { Resolvers } from '../schema.generated.ts';
import { backTestDetectionRule } from './back-test.ts';
import { ruleById, rulesOfTenant } from './catalogue.ts';
import {
  createDetectionRule,
  disableDetectionRule,
  enableDetectionRule,
  updateDetectionRule,
} from './changing.ts';
import { compileRule } from './rule.ts';

export const detectionResolvers: Resolvers = {
  Query: {
    detectionRules: (_, __, { models }) => rulesOfTenant(models),
    detectionRule: (_, { id }, { models }) => ruleById(models, id),
  },
  Mutation: {
    createDetectionRule,
    updateDetectionRule,
    enableDetectionRule,
    disableDetectionRule,
    backTestDetectionRule,
  },
  DetectionRule: {
    __resolveReference: ({ id }, { models }) => ruleById(models, id),
    title: ({ sigma }) => compileRule(sigma).output.title,
    description: ({ sigma }) => compileRule(sigma).output.description,
    severity: ({ sigma }) => compileRule(sigma).severity,
    techniques: ({ sigma }) => [...compileRule(sigma).techniques],
  },
};
