// Detection rules as the schema shows them.
import type { Resolvers } from '../schema.generated.ts';
import { backTestDetectionRule } from './back-test.ts';
import {
  createDetectionRule,
  disableDetectionRule,
  enableDetectionRule,
  updateDetectionRule,
} from './changing.ts';
import { lackOf } from './lacking.ts';
import { compileRule } from './rule.ts';
import { shownRuleById, shownRules } from './shown.ts';
import { tuneDetector } from './tuning.ts';
import type { RuleVersionRow } from './version-model.ts';

export const detectionResolvers: Resolvers = {
  Query: {
    detectionRules: (_, __, { models }) => shownRules(models),
    detectionRule: (_, { id }, { models }) => shownRuleById(models, id),
  },
  Mutation: {
    createDetectionRule,
    updateDetectionRule,
    enableDetectionRule,
    disableDetectionRule,
    tuneDetector,
    backTestDetectionRule,
  },
  DetectionRule: {
    __resolveReference: ({ id }, { models }) => shownRuleById(models, id),
    isSigma: ({ detector }) => detector === undefined,
    title: ({ sigma, detector }) => detector?.title ?? compileRule(sigma).output.title,
    description: ({ sigma, detector }) => detector?.description ?? compileRule(sigma).output.description,
    severity: ({ sigma, detector }) => detector?.severity ?? compileRule(sigma).severity,
    techniques: ({ sigma, detector }) => [...(detector?.techniques ?? compileRule(sigma).techniques)],
    parameters: ({ detector, values = {} }) =>
      Object.entries(detector?.parameters ?? {}).map(([name, { value, minimum, maximum }]) => ({
        ...{ name, value: values[name] ?? value, default: value, minimum, maximum },
      })),
    lacks: ({ detector }, _, { service }) => lackOf(detector?.needs, service.config),
    versions: ({ id: ruleId }, _, { models }) =>
      models.RuleVersion.find({ ruleId }).sort({ version: -1 }).limit(50).lean<RuleVersionRow[]>(),
  },
};
