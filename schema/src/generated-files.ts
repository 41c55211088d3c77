import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface GeneratedFile {
  /** From the root. */
  file: string;
  text: string;
}

/** The files that don't have the text they should have. */
export function staleFiles(root: string, files: readonly GeneratedFile[]): GeneratedFile[] {
  return files.filter(({ file, text }) => readIfThere(join(root, file)) !== text);
}

/** Each appears whole or not at all: a gateway or a compiler may be reading. */
export function writeFiles(root: string, files: readonly GeneratedFile[]): void {
  for (const { file, text } of files) {
    const path = join(root, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.${process.pid}.tmp`, text);
    renameSync(`${path}.${process.pid}.tmp`, path);
  }
}

export function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}
