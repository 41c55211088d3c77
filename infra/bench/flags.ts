// What can be said behind `npm run bench -- NAME…`.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Problem } from '../local/problem.ts';

const names = z.string().transform((text) => text.split(',').map((name) => name.trim()));
const count = z.coerce.number().positive();

const flagsShape = z
  .object({
    only: names,
    query: names,
    viewers: names,
    profile: z.string().min(1),
    rounds: count,
    seconds: count,
    connections: count,
    minutes: count,
    count,
  })
  .partial();

export const flagsHelp = `  --only A,B         gateway: these contestants alone, such as ours,apollo
  --query Q          gateway: big or small alone
  --viewers V        gateway: same (one person on all connections) or distinct alone
  --profile FILE     gateway, checks: a profile of ours (under the last query), and its costliest functions
  --rounds N         gateway: rounds that count
  --seconds N        gateway, authorization: of each round; ingest, overload: of each pace; checks: of measuring
  --connections N    gateway, authorization, soak; idle: subscribers
  --minutes N        soak
  --count N          ingest, events: how many events; checks: how many checks
`;

export type Flags = z.infer<typeof flagsShape>;

/** @throws Problem for a flag that there is not, or a value that it doesn't take. */
export function readCommandLine(args: readonly string[]): {
  names: string[];
  flags: Flags;
  wantsHelp: boolean;
} {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        ...Object.fromEntries(
          Object.keys(flagsShape.shape).map((name) => [name, { type: 'string' as const }]),
        ),
      },
      allowPositionals: true,
    });
    const { help, ...given } = values;
    return { names: positionals, flags: flagsShape.parse(given), wantsHelp: help === true };
  } catch (error) {
    if (!(error instanceof z.ZodError))
      throw new Problem(error instanceof Error ? error.message : String(error));
    const [issue] = error.issues;
    throw new Problem(`--${issue?.path.join('.')}: ${issue?.message}`);
  }
}
