// For tests only: a checkout without products, so that a command runs for real and in a moment.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clients } from '../client-build.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { root } from './temporary-installation.ts';

const build = `node -e "fs.mkdirSync('dist',{recursive:true});fs.copyFileSync('page.html','dist/index.html')"`;

export function temporaryCheckout(): string {
  const folder = temporaryFolder();
  const write = (file: string, value: unknown) =>
    writeFileSync(join(folder, file), typeof value === 'string' ? value : JSON.stringify(value));
  for (const name of ['clients/explorer', 'clients/console', 'infra/local', 'docker'])
    mkdirSync(join(folder, name), { recursive: true });
  symlinkSync(join(root, 'infra', 'nginx'), join(folder, 'infra', 'nginx'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  // Nothing to compose.
  write('infra/local/schema.ts', '');
  write('package.json', { name: 'checkout', private: true, workspaces: ['clients/*'], jest: {} });
  write('package-lock.json', {});
  for (const client of clients) {
    write(`clients/${client}/package.json`, {
      name: `@supergraph/${client}`,
      version: '1.0.0',
      scripts: { build },
    });
    write(`clients/${client}/page.html`, `<h1>${client}</h1>`);
  }
  return folder;
}
