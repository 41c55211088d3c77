import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { buildClient } from './client-build.ts';
import { temporaryCheckout } from './testing/checkout.ts';

describe('a client', () => {
  it('is built when its sources have changed, and only then', async () => {
    const root = temporaryCheckout();
    const source = join(root, 'clients', 'explorer', 'page.html');
    const built = join(root, 'clients', 'explorer', 'dist', 'index.html');
    expect(await buildClient(root, 'explorer', process.env)).toBe('built');
    expect(readFileSync(built, 'utf8')).toBe('<h1>explorer</h1>');
    expect(await buildClient(root, 'explorer', process.env)).toBe('fresh');
    writeFileSync(source, '<h1>New</h1>');
    expect(await buildClient(root, 'explorer', process.env)).toBe('built');
    expect(readFileSync(built, 'utf8')).toBe('<h1>New</h1>');
  });

  it('that can’t be built says why, and is tried again', async () => {
    const root = temporaryCheckout();
    rmSync(join(root, 'clients', 'explorer', 'page.html'));
    await expect(buildClient(root, 'explorer', process.env)).rejects.toThrow(
      /explorer could not be built:[\s\S]*ENOENT/,
    );
    expect(existsSync(join(root, '.data', 'explorer.sha256'))).toBe(false);
  });
});
