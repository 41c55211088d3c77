// The resources on which roles can be given, by their names.
import type { Choice } from '../design/Field.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { keyOf, type ResourceScope } from './rules.ts';
import { ResourcesDocument } from './scoped-roles.generated.ts';

export interface Resources {
  choices: readonly Choice[];
  /** "check Website: /health"; its id where it is not among the first hundred services, or not there any more. */
  nameOf(scope: ResourceScope): string;
}

/** No choices for those who may not see services. */
export function useResources(): Resources {
  const { scopedRoles: text } = useText();
  const may = useMay();
  const question = useQuestion(ResourcesDocument, {
    variables: {},
    of: ['Service', 'Check'],
    isAsked: may('service:read'),
  });
  const choices = (question.data?.services?.nodes ?? []).flatMap((service) => [
    {
      value: keyOf({ resourceType: 'SERVICE', resourceId: service.id }),
      label: `${text.types.SERVICE} ${service.name}`,
    },
    ...(service.checks ?? []).map((check) => ({
      value: keyOf({ resourceType: 'CHECK', resourceId: check.id }),
      label: `${text.types.CHECK} ${service.name}: ${check.name}`,
    })),
  ]);
  return {
    choices,
    nameOf: (scope) =>
      choices.find(({ value }) => value === keyOf(scope))?.label ??
      `${text.types[scope.resourceType]} ${scope.resourceId}`,
  };
}
