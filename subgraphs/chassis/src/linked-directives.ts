// Which directive names mean what in one document: federation lets a schema import its directives under another name.
import { type DocumentNode, Kind, type ObjectValueNode, type ValueNode } from 'graphql';

const specification = /^https:\/\/specs\.apollo\.dev\/(\w+)\/v\d/;

/**
 * The names under which directives appear in `document`, a subgraph's SDL or a supergraph, mapped to what they stand
 * for.
 * @param known directive → the name of its own specification, by which supergraphs link it; subgraphs get all of them
 *   from federation
 */
export function linkedDirectives<Directive extends string>(
  document: DocumentNode,
  known: ReadonlyMap<Directive, string>,
): Map<string, Directive> {
  const names = new Map<string, Directive>([...known.keys()].map((name) => [name, name]));
  for (const link of links(document)) {
    const [, feature = ''] = specification.exec(link.url) ?? [];
    for (const [directive, own] of known) {
      if (feature !== own && feature !== 'federation') continue;
      const prefix = link.as ?? feature;
      names.set(directive === feature ? prefix : `${prefix}__${directive}`, directive);
      const renamed = link.imports.get(`@${directive}`);
      if (renamed) names.set(renamed.slice(1), directive);
    }
  }
  return names;
}

interface Link {
  url: string;
  as: string | undefined;
  imports: Map<string, string>;
}

function* links(document: DocumentNode): Iterable<Link> {
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.SCHEMA_DEFINITION && definition.kind !== Kind.SCHEMA_EXTENSION) continue;
    for (const directive of definition.directives ?? []) {
      if (directive.name.value !== 'link') continue;
      const given = new Map(directive.arguments?.map((argument) => [argument.name.value, argument.value]));
      yield {
        url: text(given.get('url')) ?? '',
        as: text(given.get('as')),
        imports: imports(given.get('import')),
      };
    }
  }
}

function imports(value: ValueNode | undefined): Map<string, string> {
  const imported = new Map<string, string>();
  if (value?.kind !== Kind.LIST) return imported;
  for (const element of value.values) {
    if (element.kind !== Kind.OBJECT) continue;
    const name = property(element, 'name');
    if (name) imported.set(name, property(element, 'as') ?? name);
  }
  return imported;
}

function property(node: ObjectValueNode, name: string): string | undefined {
  return text(node.fields.find((field) => field.name.value === name)?.value);
}

function text(value: ValueNode | undefined): string | undefined {
  return value?.kind === Kind.STRING ? value.value : undefined;
}
