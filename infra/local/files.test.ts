import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { createState, DamagedState, readHint, readState, writeState } from './files.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const schema = z.object({ count: z.int() });
const folder = temporaryFolder();

describe('a state file', () => {
  it('is read as it was written, by its owner alone', () => {
    const file = join(folder, 'deep', 'er', 'state.json');
    expect(readState(file, schema)).toBeUndefined();
    writeState(file, { count: 1 });
    writeState(file, { count: 2 });
    expect(readState(file, schema)).toEqual({ count: 2 });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'deep', 'er'))).toEqual(['state.json']);
  });

  it.each(['{"count":', '{"count":"many"}', ''])(
    'that holds %p is named as damaged, with what to do',
    (text) => {
      const file = join(folder, 'damaged.json');
      writeFileSync(file, text);
      expect(() => readState(file, schema)).toThrow(DamagedState);
      expect(() => readState(file, schema)).toThrow(
        `${file} is damaged. Begin anew with: npm start -- --fresh`,
      );
      expect(readHint(file, schema)).toBeUndefined();
    },
  );

  it('that can’t be read at all is another error', () => {
    expect(() => readState(folder, schema)).toThrow('EISDIR');
    expect(() => readHint(folder, schema)).toThrow('EISDIR');
  });

  it('stays whole when the new one can’t be written', () => {
    const file = join(folder, 'kept.json');
    writeState(file, { count: 1 });
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    expect(() => writeState(file, endless)).toThrow('circular');
    expect(readState(file, schema)).toEqual({ count: 1 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('is created once', () => {
    const file = join(folder, 'created.json');
    expect(createState(file, { count: 1 })).toBe(true);
    expect(createState(file, { count: 2 })).toBe(false);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({ count: 1 });
    expect(() => createState('/dev/null/x', {})).toThrow('EEXIST');
  });
});
