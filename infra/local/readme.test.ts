// What the README shows a newcomer is what the explorer opens on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { openingQueries } from '../../clients/explorer/src/graphql/queries.ts';
import { root } from './testing/temporary-installation.ts';

/** Without comments and indentation. */
const bare = (operation: string) => operation.replace(/#.*/g, '').split(/\s+/).join(' ').trim();

it('the README’s operations are the first of the explorer’s', () => {
  const blocks = readFileSync(join(root, 'README.md'), 'utf8').matchAll(/```graphql\n(.*?)```/gs);
  const shown = [...blocks].map(([, operation = '']) => bare(operation));
  expect(shown).toHaveLength(2);
  expect(shown).toEqual(openingQueries.slice(0, 2).map(bare));
});
