import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { composeSubgraphs } from './composition.ts';
import { readSubgraphs } from './subgraphs.ts';

export async function main(_args: readonly string[]): Promise<number> {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const { subgraphs, findings } = readSubgraphs(root);
  const composed = composeSubgraphs(subgraphs);
  const wrong = 'findings' in composed ? [...findings, ...composed.findings] : findings;
  for (const { where, problem, remedy } of wrong)
    process.stderr.write(`${where}\n  ${problem}\n  ${remedy}\n`);
  if (!('composition' in composed) || wrong.length > 0) return 1;
  writeFileSync(join(root, 'schema/supergraph.graphql'), composed.composition.supergraph);
  writeFileSync(join(root, 'schema/public.graphql'), composed.composition.publicSchema);
  return 0;
}
