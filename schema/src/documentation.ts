// Whatever clients can see says what it is: a lint of one subgraph's SDL.
import { Kind, valueFromASTUntyped } from 'graphql';
import { elementsOf, type SchemaElement } from './elements.ts';
import type { Finding } from './finding.ts';
import type { Subgraph } from './subgraphs.ts';

// They mean the same in every schema.
const rootTypes = new Set(['Query', 'Mutation', 'Subscription']);

export function lintDocumentation(subgraph: Subgraph): Finding[] {
  return elementsOf(subgraph).flatMap((element) => [...undescribed(element), ...withoutReason(element)]);
}

function undescribed({ node, coordinate, where }: SchemaElement): Finding[] {
  const isExempt =
    rootTypes.has(coordinate) ||
    isExtension(node.kind) ||
    node.directives?.some(({ name }) => name.value === 'external'); // described by the subgraph that owns it
  if (isExempt || node.description?.value.trim()) return [];
  return [
    {
      where,
      problem: `${coordinate} has no description.`,
      remedy: 'Say above it, in one sentence for clients, what it is: "The service that the check watches."',
    },
  ];
}

function withoutReason({ node, coordinate, where }: SchemaElement): Finding[] {
  const deprecated = node.directives?.find(({ name }) => name.value === 'deprecated');
  const reason = deprecated?.arguments?.find(({ name }) => name.value === 'reason')?.value;
  if (deprecated === undefined || (reason && valueFromASTUntyped(reason))) return [];
  return [
    {
      where,
      problem: `${coordinate} is deprecated without a reason.`,
      remedy: 'Say what to use instead: @deprecated(reason: "Use `checks`.")',
    },
  ];
}

const extensions: ReadonlySet<string> = new Set([
  Kind.SCALAR_TYPE_EXTENSION,
  Kind.OBJECT_TYPE_EXTENSION,
  Kind.INTERFACE_TYPE_EXTENSION,
  Kind.UNION_TYPE_EXTENSION,
  Kind.ENUM_TYPE_EXTENSION,
  Kind.INPUT_OBJECT_TYPE_EXTENSION,
]);

function isExtension(kind: string): boolean {
  return extensions.has(kind);
}
