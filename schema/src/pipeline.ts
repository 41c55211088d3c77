// `npm run schema`, the command line.
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parentTypes as ourParentTypes } from '../../codegen.ts';
import { permissions } from '../../subgraphs/arthemiz/src/roles/rules.ts';
import { type PipelineMode, type PipelineOptions, type PipelineResult, runPipeline } from './run-pipeline.ts';

const usage = `npm run schema              composes, lints, checks compatibility, writes what is generated
npm run schema -- --check   the same, but writes nothing and fails when a generated file is stale
npm run schema -- --release records the public schema and the events as released: from then on
                            a change that would break their users is refused
npm run schema -- --release --accept-breaking
                            releases although users break: only when all of them are known to agree
`;

export interface MainOptions {
  /** Default: this repository. */
  root?: string;
  /** Default: codegen.ts of this repository. */
  parentTypes?: PipelineOptions['parentTypes'];
  /** Default: standard output. */
  print?: (text: string) => void;
}

/** @returns the exit code: 0, or 1 when the schema is refused. */
export async function main(args: readonly string[], options: MainOptions = {}): Promise<number> {
  const {
    root = fileURLToPath(new URL('../../', import.meta.url)),
    parentTypes = ourParentTypes,
    print = (text) => process.stdout.write(text),
  } = options;
  const mode = modeOf(args);
  if (mode === undefined || mode === 'help') {
    print(mode === 'help' ? usage : `Not understood: ${args.join(' ')}\n\n${usage}`);
    return mode === 'help' ? 0 : 1;
  }
  const result = await runPipeline({ root, mode, permissions, parentTypes });
  print(report(result, mode));
  return result.findings.length === 0 ? 0 : 1;
}

function modeOf(args: readonly string[]): PipelineMode | 'help' | undefined {
  const known = {
    check: { type: 'boolean' },
    release: { type: 'boolean' },
    'accept-breaking': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options: known });
    if (values.help) return 'help';
    if (values['accept-breaking']) return values.release && !values.check ? 'break' : undefined;
    if (values.check) return values.release ? undefined : 'check';
    return values.release ? 'release' : 'write';
  } catch {
    return undefined;
  }
}

function report({ subgraphs, findings, notes, written }: PipelineResult, mode: PipelineMode): string {
  const names = subgraphs.join(', ');
  const lines = notes.map((note) => `note: ${note}`);
  if (findings.length > 0) {
    lines.push(...findings.map(({ where, problem, remedy }) => `\n${where}\n  ${problem}\n  → ${remedy}`));
    lines.push(`\nRefused (${names}): ${count(findings.length, 'problem')}. No file was changed.`);
  } else if (mode === 'check') {
    lines.push(`Composed ${names}: nothing to report, all generated files are up to date.`);
  } else {
    const outcome = written.length === 0 ? 'all files are up to date' : `wrote ${written.join(', ')}`;
    lines.push(`Composed ${names}: ${outcome}.`);
    if (mode !== 'write')
      lines.push('Released. Commit schema/released.graphql and schema/released-events.json.');
  }
  return `${lines.join('\n').trimStart()}\n`;
}

function count(quantity: number, noun: string): string {
  return `${quantity} ${noun}${quantity === 1 ? '' : 's'}`;
}
