// npm 11.19 and later ask about every dependency with an install script that package.json does not decide on, at the
// end of a newcomer's first npm start.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { root } from './testing/temporary-installation.ts';

const read = <Schema extends z.ZodType>(file: string, schema: Schema) =>
  schema.parse(JSON.parse(readFileSync(join(root, file), 'utf8')));

it('each dependency’s install script is decided on', () => {
  const { packages } = read(
    'package-lock.json',
    z.object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })) }),
  );
  const withScript = Object.keys(packages)
    .filter((path) => packages[path]?.hasInstallScript === true)
    .map((path) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length));
  const { allowScripts } = read(
    'package.json',
    z.object({ allowScripts: z.record(z.string(), z.boolean()) }),
  );
  expect(Object.keys(allowScripts).sort()).toEqual([...new Set(withScript)].sort());
});
