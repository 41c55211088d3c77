// What a tenant says of a detector's parameters: a version of its own, which holds for what is found from then on.
import { z } from 'zod';
import type { MutationResolvers } from '../schema.generated.ts';
import { saidOfBuiltIns } from './catalogue.ts';
import { sayOfBuiltIn } from './changing.ts';
import { shownDetectors } from './further.ts';
import { problemWith, textOf, valuesOf } from './parameters.ts';
import { detectionRuleNotFound, invalidDetectionInput, wrongDetectionInput } from './refusals.ts';
import { shownRuleById } from './shown.ts';

export const parametersInput = z
  .array(z.object({ name: z.string().max(50), value: z.number() }))
  .max(20)
  .transform((given) => Object.fromEntries(given.map(({ name, value }) => [name, value])));
const tuningInput = z.object({ id: z.string().max(64), parameters: parametersInput });

export const tuneDetector: MutationResolvers['tuneDetector'] = async (
  _,
  { input },
  { service, models, viewer },
) => {
  const parsed = tuningInput.safeParse(input);
  if (!parsed.success) return { rule: null, errors: invalidDetectionInput(parsed.error) };
  const { id, parameters } = parsed.data;
  const detector = shownDetectors.find((each) => each.id === id);
  if (detector === undefined) return { rule: null, errors: [detectionRuleNotFound] };
  const problem = problemWith(detector.parameters, parameters);
  if (problem !== null) return { rule: null, errors: [wrongDetectionInput('parameters', problem)] };
  return service.transaction(async () => {
    const { tuned, disabled } = await saidOfBuiltIns(models);
    const tunings = (tuned.get(id)?.tunings ?? 0) + 1;
    const changedAt = new Date();
    await sayOfBuiltIn(models, id, { isEnabled: !disabled.has(id), parameters, tunings, changedAt });
    await models.RuleVersion.create([
      {
        ...{ ruleId: id, version: detector.version + tunings, detectorVersion: detector.version },
        ...{ sigma: textOf(valuesOf(detector.parameters, parameters)), createdAt: changedAt },
        createdBy: viewer.subject,
      },
    ]);
    return { rule: await shownRuleById(models, id), errors: [] };
  });
};
