// For tests only: folders that go when the test file is done, after what runs in them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const cleanups: (() => unknown)[] = [];
// One hook for all of it: jest runs hooks in the order of their making, and this one would come first.
afterAll(async () => {
  for (const cleanup of cleanups.toReversed()) await cleanup();
}, 120_000);

/** Does something when the test file is done: what was said last goes first. */
export function atTheEnd(cleanup: () => unknown): void {
  cleanups.push(cleanup);
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'supergraph-'));
  atTheEnd(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
