// What can be said behind `npm run bench -- NAME…`.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Problem } from '../local/problem.ts';

const names = z.string().transform((text) => text.split(',').map((name) => name.trim()));
const count = z.coerce.number().positive();

const flagsShape = z
  .object({
    /** gateway: contestants; ours alone takes a quarter of the time. */
    only: names,
    /** gateway: big, small. */
    query: names,
    /** gateway: same, distinct. */
    viewers: names,
    /** gateway: where a profile of our gateway under the last query goes. */
    profile: z.string().min(1),
    /** Rounds that count. */
    rounds: count,
    /** Of each round. */
    seconds: count,
    connections: count,
    /** soak: how long. */
    minutes: count,
  })
  .partial();

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
