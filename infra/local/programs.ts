// Where the program of a backing service comes from: PATH and the places where distributions hide it, else an install.
import { findProgram } from './commands.ts';
import { canInstall, install } from './debian.ts';
import type { Installation } from './installation.ts';
import { Problem } from './problem.ts';

export interface ProgramSource {
  title: string;
  /** Names searched on PATH and absolute paths, in order of preference. */
  names: readonly string[];
  /** Debian's package. */
  debianPackage: string;
  /** What to do where it can't be installed from here. */
  advice: string;
}

/** The program's path. @throws Problem that says how to get it. */
export async function demandProgram(installation: Installation, source: ProgramSource): Promise<string> {
  const found = () => findProgram(source.names, installation.env.PATH);
  const before = found();
  if (before !== undefined) return before;
  if (canInstall(installation)) {
    await install(installation, [source.debianPackage]);
    const after = found();
    if (after !== undefined) return after;
  }
  throw new Problem(`${source.title} is missing: there is no ${source.names[0]} on PATH. ${source.advice}`);
}
