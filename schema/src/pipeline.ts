// `npm run schema`, the command line.
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createLogger } from '@supergraph/chassis/logging';
import { parentTypes as ourParentTypes } from '../../codegen.ts';
import { schemaPermission } from '../../gateway/src/authorization/developers.ts';
import { clientRegister } from '../../subgraphs/arthemiz/src/registered-clients/permissions.ts';
import { permissions } from '../../subgraphs/arthemiz/src/roles/rules.ts';
import { scimRead, scimWrite } from '../../subgraphs/arthemiz/src/scim/permissions.ts';
import { mayExchange } from '../../subgraphs/arthemiz/src/token-exchange/rules.ts';
import { type PipelineMode, type PipelineOptions, type PipelineResult, runPipeline } from './run-pipeline.ts';

const usage = `npm run schema              composes, lints, checks compatibility, writes what is generated
npm run schema -- --check   the same, but writes nothing and fails when a generated file is stale
npm run schema -- --release records the public schema and the events as released: from then on
                            a change that would break their users is refused
npm run schema -- --release --accept-breaking
                            releases although users break: only when all of them are known to agree
npm run schema -- --publish [--urls JSON] [--note TEXT]
                            checks, then has all gateways serve the supergraph; where they look for it
                            is in SUPERGRAPH_MONGODB_URI and NAMESPACE; --urls: subgraph → URL
npm run schema -- --rollback VERSION [--note TEXT]
                            publishes an earlier one again
npm run schema -- --published
                            lists what was published, the newest first
`;

export interface MainOptions {
  /** Default: this repository. */
  root?: string;
  /** Default: codegen.ts of this repository. */
  parentTypes?: PipelineOptions['parentTypes'];
  /** Default: what the gateway and SCIM ask for. */
  permissionsAskedElsewhere?: readonly string[];
  /** Default: standard output. */
  print?: (text: string) => void;
  /** Default: the process's environment. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** @returns the exit code: 0, or 1 when the schema is refused. */
export async function main(args: readonly string[], options: MainOptions = {}): Promise<number> {
  const {
    root = fileURLToPath(new URL('../../', import.meta.url)),
    parentTypes = ourParentTypes,
    permissionsAskedElsewhere = [schemaPermission, scimRead, scimWrite, mayExchange, clientRegister],
    print = (text) => process.stdout.write(text),
    env = process.env,
  } = options;
  const asked = understand(args);
  if (asked === undefined || asked === 'help') {
    print(asked === 'help' ? usage : `Not understood: ${args.join(' ')}\n\n${usage}`);
    return asked === 'help' ? 0 : 1;
  }
  if (asked.mode !== undefined) {
    const result = await runPipeline({
      ...{ root, mode: asked.mode, permissions, permissionsAskedElsewhere, parentTypes },
    });
    print(report(result, asked.mode));
    if (result.findings.length > 0) return 1;
  }
  if (asked.publication === undefined) return 0;
  // The planner that it is tried with takes a while to load, and composing is to be quick.
  const { runPublishCommand } = await import('../../gateway/src/supergraph/publish-command.ts');
  return runPublishCommand({
    words: asked.publication(join(root, 'schema/supergraph.graphql')),
    env,
    logger: createLogger({ service: 'publish', level: 'silent' }),
    print: (line) => print(`${line}\n`),
  });
}

interface Asked {
  /** Of the pipeline; undefined where it does not run. */
  mode: PipelineMode | undefined;
  /** What is done with the supergraph's file then, as `runPublishCommand` takes it. */
  publication?: (file: string) => string[];
}

function understand(args: readonly string[]): Asked | 'help' | undefined {
  const known = {
    check: { type: 'boolean' },
    release: { type: 'boolean' },
    'accept-breaking': { type: 'boolean' },
    publish: { type: 'boolean' },
    rollback: { type: 'string' },
    published: { type: 'boolean' },
    urls: { type: 'string' },
    note: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options: known });
    if (values.help) return 'help';
    const { 'accept-breaking': breaks, urls, note, ...actions } = values;
    if (Object.keys(actions).length > 1) return undefined;
    if (breaks && !actions.release) return undefined;
    if (urls !== undefined && !actions.publish) return undefined;
    if (note !== undefined && !actions.publish && !actions.rollback) return undefined;
    const { check, release, publish, rollback, published } = actions;
    const noted = note === undefined ? [] : [note];
    // What is published is what lies in the repository, for everybody to see.
    if (publish) return { mode: 'check', publication: (file) => ['publish', file, urls ?? '{}', ...noted] };
    if (rollback) return { mode: undefined, publication: () => ['rollback', rollback, ...noted] };
    if (published) return { mode: undefined, publication: () => ['list'] };
    if (release) return { mode: breaks ? 'break' : 'release' };
    return { mode: check ? 'check' : 'write' };
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
      lines.push('Released. Commit schema/released.graphql and the other released files.');
  }
  return `${lines.join('\n').trimStart()}\n`;
}

function count(quantity: number, noun: string): string {
  return `${quantity} ${noun}${quantity === 1 ? '' : 's'}`;
}
