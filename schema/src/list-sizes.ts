// Every list says how long it gets: what an operation costs is told from that before it runs, and a list without an end
// is one that somebody will read to its end.
import { type CostDirectives, type ListSize, readCostDirectives } from '@supergraph/chassis/cost-directives';
import { type FieldDefinitionNode, Kind, type TypeNode } from 'graphql';
import type { Finding } from './finding.ts';
import type { Subgraph } from './subgraphs.ts';

interface Field {
  coordinate: string;
  node: FieldDefinitionNode;
  listSize: ListSize | undefined;
  where: string;
}

/** Lints one subgraph's SDL. */
export function lintListSizes(subgraph: Subgraph): Finding[] {
  let directives: CostDirectives;
  try {
    directives = readCostDirectives(subgraph.document);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return [
      {
        where: subgraph.file,
        problem,
        remedy: 'Write it as @cost(weight: 5) or @listSize(assumedSize: 20).',
      },
    ];
  }
  const fields = fieldsOf(subgraph, directives);
  return [...fields.values()].flatMap((field) => [...unbounded(field, fields), ...wrong(field, fields)]);
}

function unbounded(field: Field, fields: ReadonlyMap<string, Field>): Finding[] {
  const { coordinate, node, listSize, where } = field;
  if (!isList(node.type)) return [];
  if (listSize)
    return listSize.assumedSize !== undefined || listSize.slicingArguments.length > 0
      ? []
      : [finding(where, `${coordinate} has a @listSize that says no size.`, own)];
  const [typeName] = coordinate.split('.');
  const parents = [...fields.values()].filter(({ node: parent }) => nameOf(parent.type) === typeName);
  const silent = parents.filter((parent) => !parent.listSize?.sizedFields.includes(node.name.value));
  if (parents.length > 0 && silent.length === 0) return [];
  const through = silent.map((parent) => parent.coordinate).join(', ');
  return [
    finding(
      where,
      `${coordinate} is a list of which nobody says how long it gets.`,
      `${own} Where it is a page, say so at ${through || 'the fields that return it'}: @listSize(assumedSize: 20, slicingArguments: ["first"], sizedFields: ["${node.name.value}"], requireOneSlicingArgument: false).`,
    ),
  ];
}

const own = 'Mark it: @listSize(assumedSize: …) with the most that is usual.';

function wrong({ coordinate, node, listSize, where }: Field, fields: ReadonlyMap<string, Field>): Finding[] {
  if (!listSize) return [];
  const given = new Set(node.arguments?.map(({ name }) => name.value));
  const returned = nameOf(node.type);
  return [
    ...listSize.slicingArguments
      .filter((name) => !given.has(name))
      .map((name) =>
        finding(
          where,
          `${coordinate} is sliced by "${name}", which is no argument of it.`,
          'Name one of its arguments.',
        ),
      ),
    ...listSize.sizedFields
      .filter((name) => {
        const sized = fields.get(`${returned}.${name}`);
        return isList(node.type) || !sized || !isList(sized.node.type);
      })
      .map((name) =>
        finding(
          where,
          `${coordinate} gives its size to "${name}", which is no list of ${returned}.`,
          isList(node.type)
            ? 'Leave sizedFields out: it is a list itself.'
            : 'Name lists of the type that it returns.',
        ),
      ),
  ];
}

function finding(where: string, problem: string, remedy: string): Finding {
  return { where, problem, remedy };
}

function fieldsOf({ document, file }: Subgraph, { listSizes }: CostDirectives): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const definition of document.definitions) {
    const isObject =
      definition.kind === Kind.OBJECT_TYPE_DEFINITION || definition.kind === Kind.OBJECT_TYPE_EXTENSION;
    if (!isObject) continue;
    for (const node of definition.fields ?? []) {
      const coordinate = `${definition.name.value}.${node.name.value}`;
      const where = `${file}:${node.name.loc?.startToken.line ?? 1}`;
      fields.set(coordinate, { coordinate, node, listSize: listSizes.get(coordinate), where });
    }
  }
  return fields;
}

function isList(type: TypeNode): boolean {
  if (type.kind === Kind.NON_NULL_TYPE) return isList(type.type);
  return type.kind === Kind.LIST_TYPE;
}

function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}
