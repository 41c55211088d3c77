import { createPolicy, type FieldCoordinate } from '@supergraph/chassis/policy';
import { inWords } from '@supergraph/chassis/policy/requirements';
import { narrowings } from './access.ts';
import type { Finding } from './finding.ts';
import type { Subgraph } from './subgraphs.ts';

/**
 * Marks on a type add up across subgraphs. So a mark that one subgraph puts on a shared type may lock viewers out of
 * a field that another has on it, and neither's SDL shows it. This finds such fields.
 */
export function lintMergedPermissions(subgraphs: readonly Subgraph[], supergraph: string): Finding[] {
  const merged = createPolicy(supergraph);
  const views = subgraphs.map(({ file, document }) => {
    const policy = createPolicy(document);
    return { file, policy, narrowed: narrowings(policy, merged) };
  });
  // A field that several subgraphs have may well be as strict as the strictest of them.
  const isWantedBySome = (field: FieldCoordinate) =>
    views.some(
      ({ policy, narrowed }) =>
        policy.requirements.get(field.typeName)?.has(field.fieldName) &&
        !narrowed.some((other) => isSame(other, field)),
    );
  return views.flatMap(({ file, narrowed }) =>
    narrowed
      .filter((field) => !isWantedBySome(field))
      .map(({ typeName, fieldName, before, after }) => ({
        where: file,
        problem: `${typeName}.${fieldName} takes ${inWords(before)} here, but ${inWords(after)} once composed.`,
        remedy: `Another subgraph's mark on the type ${typeName} does that: it should mark its own fields instead.`,
      })),
  );
}

function isSame(a: FieldCoordinate, b: FieldCoordinate): boolean {
  return a.typeName === b.typeName && a.fieldName === b.fieldName;
}
