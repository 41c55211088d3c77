// jest's settings of package.json, on a runtime without a sandbox for each test file.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const { jest } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

export default {
  ...jest,
  rootDir: root,
  testEnvironment: join(import.meta.dirname, 'environment.mjs'),
  runtime: join(import.meta.dirname, 'runtime.mjs'),
};
