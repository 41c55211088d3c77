// Every field says who may read it, in words that Arthemiz can grant.
import type { Requirement, Requirements } from '@supergraph/chassis/policy';
import { authorizationDirectives } from '@supergraph/chassis/policy/directives';
import { readRequirements } from '@supergraph/chassis/policy/requirements';
import { permissionOf, rulesIn } from '@supergraph/chassis/policy/rules';
import { Kind } from 'graphql';
import { elementsOf, type SchemaElement } from './elements.ts';
import type { Finding } from './finding.ts';
import type { Subgraph } from './subgraphs.ts';

export interface PermissionLintOptions {
  subgraph: Subgraph;
  /** All that can be granted. */
  permissions: readonly string[];
}

const mark =
  '@policy(policies: [["resource:action"]]), @authenticated, @requiresScopes, or the public mark @policy(policies: [["public"]])';

/** Lints one subgraph's SDL, by which the subgraph guards itself. */
export function lintPermissions({ subgraph, permissions }: PermissionLintOptions): Finding[] {
  const { document, file } = subgraph;
  const elements = elementsOf(subgraph);
  const markNames = authorizationDirectives(document);
  const isMarked = ({ node }: SchemaElement) =>
    node.directives?.some(({ name }) => markNames.has(name.value)) ?? false;

  let requirements: Requirements;
  try {
    requirements = readRequirements(document);
  } catch (error) {
    const problem = error instanceof Error ? `${error.message}.` : String(error);
    const remedy =
      'Write it as @policy(policies: [["resource:action"]]); subgraphs/chassis/README.md lists what else it may say.';
    return [{ where: file, problem, remedy }];
  }
  const requirementOf = ({ coordinate }: SchemaElement): Requirement | undefined => {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    return requirements.get(typeName)?.get(fieldName);
  };

  const unmarkedFields = elements.filter(
    (element) => requirementOf(element)?.length === 0 && !hasDirective(element, 'external'),
  );
  const unmarkedEntities = elements.filter(
    (element) => hasDirective(element, 'key') && isObjectType(element) && !isMarked(element),
  );
  const unread = elements.filter(
    (element) => isMarked(element) && !isObjectType(element) && requirementOf(element) === undefined,
  );
  const unnullable = elements.filter(
    (element) =>
      isMarked(element) &&
      element.node.kind === Kind.FIELD_DEFINITION &&
      element.node.type?.kind === Kind.NON_NULL_TYPE &&
      !isOpen(requirementOf(element) ?? []) &&
      // Denied, the whole subscription is refused.
      !element.coordinate.startsWith('Subscription.'),
  );
  return [
    ...unmarkedEntities.map(({ coordinate, where }) => ({
      where,
      problem: `The entity ${coordinate} carries no permission; anybody could enter it through a reference.`,
      remedy: `Mark the type: ${mark}.`,
    })),
    ...unmarkedFields.map(({ coordinate, where }) => ({
      where,
      problem: `${coordinate} says nothing of who may read it, so it is denied to all.`,
      remedy: `Mark it or its type: ${mark}.`,
    })),
    ...unread.map(({ coordinate, where }) => ({
      where,
      problem: `The mark on ${coordinate} protects nothing: only object types and their fields are guarded.`,
      remedy: 'Mark the fields that return it, or the types that implement it.',
    })),
    ...unnullable.map(({ coordinate, where }) => ({
      where,
      problem: `${coordinate} carries a permission of its own and can't be null: denied, it would take all around it away.`,
      remedy: 'Let it be null (without the outer !), or move the permission to its type.',
    })),
    ...unknownPermissions(elements, requirementOf, new Set(permissions)),
  ];
}

function unknownPermissions(
  elements: readonly SchemaElement[],
  requirementOf: (element: SchemaElement) => Requirement | undefined,
  known: ReadonlySet<string>,
): Finding[] {
  const firstUse = new Map<string, SchemaElement>();
  for (const element of elements) {
    for (const permission of rulesIn(requirementOf(element) ?? []).map(permissionOf))
      if (permission !== undefined && !firstUse.has(permission)) firstUse.set(permission, element);
  }
  return [...firstUse]
    .filter(([name]) => !known.has(name))
    .map(([name, { coordinate, where }]) => ({
      where,
      problem: `${coordinate} takes "${name}", which nobody can be granted.`,
      remedy:
        'Use a permission of subgraphs/arthemiz/src/roles/rules.ts, or add it there as resource:action.',
    }));
}

function isOpen(requirement: Requirement): boolean {
  return requirement.every(
    (condition) =>
      condition.kind === 'policies' &&
      condition.anyOf.some((allOf) => allOf.every(({ kind }) => kind === 'public')),
  );
}

function hasDirective({ node }: SchemaElement, directive: string): boolean {
  return (
    node.directives?.some(({ name }) => [directive, `federation__${directive}`].includes(name.value)) ?? false
  );
}

function isObjectType({ node }: SchemaElement): boolean {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;
}
