// Which arguments come from the objects around, as the subgraphs' SDLs say it.
import {
  type DocumentNode,
  type FieldDefinitionNode,
  type InputValueDefinitionNode,
  Kind,
  parse,
  type SelectionSetNode,
  type TypeDefinitionNode,
} from 'graphql';

/** An argument that clients don't give. */
export interface ContextualArgument {
  name: string;
  /** Types, abstract ones too, whose objects are the context: the nearest counts. */
  types: ReadonlySet<string>;
  /** What is selected of that object; its only leaf is the value. */
  selection: SelectionSetNode;
}

/** By `Type.field`. */
export function readContexts(
  documents: ReadonlyMap<string, DocumentNode>,
): ReadonlyMap<string, readonly ContextualArgument[]> {
  const found = new Map<string, ContextualArgument[]>();
  for (const { definitions } of documents.values()) {
    const types = definitions.filter(
      (each): each is TypeDefinitionNode => 'directives' in each && 'name' in each,
    );
    const contexts = new Map<string, Set<string>>();
    for (const { name, directives = [] } of types)
      for (const directive of directives)
        if (directive.name.value === 'context') {
          const context = textIn(directive);
          contexts.set(context, (contexts.get(context) ?? new Set()).add(name.value));
        }
    for (const type of types) {
      if (!('fields' in type)) continue;
      for (const field of type.fields ?? []) {
        if (field.kind !== Kind.FIELD_DEFINITION) continue;
        const args = contextualArguments(field, contexts);
        if (args.length > 0) found.set(`${type.name.value}.${field.name.value}`, args);
      }
    }
  }
  return found;
}

function contextualArguments(
  { arguments: given = [] }: FieldDefinitionNode,
  contexts: ReadonlyMap<string, ReadonlySet<string>>,
): ContextualArgument[] {
  return given.flatMap(({ name, directives = [] }: InputValueDefinitionNode) => {
    const directive = directives.find((each) => each.name.value === 'fromContext');
    const [, context = '', selected = ''] =
      /^\s*\$(\w+)\s*(.*)$/s.exec(directive ? textIn(directive) : '') ?? [];
    const types = contexts.get(context);
    if (types === undefined) return [];
    const [operation] = parse(selected.startsWith('{') ? selected : `{ ${selected} }`).definitions;
    if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`${selected} is no selection.`);
    return [{ name: name.value, types, selection: operation.selectionSet }];
  });
}

function textIn({ arguments: given = [] }: NonNullable<TypeDefinitionNode['directives']>[number]): string {
  const [value] = given.map(({ value: each }) => each);
  return value?.kind === Kind.STRING ? value.value : '';
}

/** The only leaf of what was selected; a list of them where it lies in a list. */
export function leafOf(selected: unknown): unknown {
  if (Array.isArray(selected)) return selected.map(leafOf);
  if (typeof selected !== 'object' || selected === null) return selected;
  return leafOf(Object.values(selected)[0]);
}
