import { type DocumentNode, Kind } from 'graphql';

/** Type → the fields that identify it by themselves, by the supergraph's `@join__type(key:)`. */
export function readKeyFields(supergraph: DocumentNode): Map<string, ReadonlySet<string>> {
  const keys = new Map<string, ReadonlySet<string>>();
  for (const type of supergraph.definitions) {
    if (type.kind !== Kind.OBJECT_TYPE_DEFINITION) continue;
    const fields = (type.directives ?? []).flatMap(({ name, arguments: given = [] }) => {
      const value =
        name.value === 'join__type' ? given.find((each) => each.name.value === 'key')?.value : undefined;
      // Of a key with fields of fields nothing is taken for granted.
      return value?.kind === Kind.STRING && !value.value.includes('{') ? value.value.trim().split(/\s+/) : [];
    });
    keys.set(type.name.value, new Set(fields));
  }
  return keys;
}
