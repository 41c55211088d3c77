import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { holderOf, takeLock } from './lock.ts';
import { isFree, openPorts } from './ports.ts';
import { start } from './starting.ts';
import { temporaryCheckout } from './testing/checkout.ts';
import { captureOutput } from './testing/output.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { isolatedEnv } from './testing/temporary-installation.ts';

const { MONGODB_URI, REDIS_URL, AMQP_URL } = process.env;
const root = temporaryCheckout();

/** One whose neighbour, which is taken for TLS, is free as well. */
async function publicPort(): Promise<string> {
  for (;;) {
    const port = await openPorts(temporaryFolder()).of('public');
    if (await isFree(port + 363)) return String(port);
  }
}

/** npm start on a checkout without products and with services of our own. */
function starting(options: { args?: string[]; env?: Record<string, string | undefined>; dataDir?: string }) {
  const controller = new AbortController();
  const output = captureOutput();
  const dataDir = options.dataDir ?? join(temporaryFolder(), 'data');
  const env = { ...isolatedEnv(temporaryFolder()), MONGODB_URI, REDIS_URL, AMQP_URL, ...options.env };
  const { args = [] } = options;
  const code = start({ root, args, env, signal: controller.signal, output: output.stream, dataDir });
  return { code, output, dataDir, stop: () => controller.abort(new Error('SIGINT')) };
}

describe('npm start', () => {
  it('shows what it does, prints one table and when it is ready, and stops when told', async () => {
    const PUBLIC_PORT = await publicPort();
    const { code, output, dataDir, stop } = starting({ env: { PUBLIC_PORT } });
    await eventually(() => /\nready in \d+\.\d s\n$/.test(output.text()));
    const text = output.text();
    for (const title of [
      'MongoDB',
      'Redis',
      'RabbitMQ',
      'nginx',
      'schema',
      'explorer',
      'console',
      'demo data',
    ]) {
      expect(text).toMatch(new RegExp(`^✓ ${title} \\d`, 'm'));
    }
    expect(text).toContain(`http://localhost:${PUBLIC_PORT}/explorer `);
    expect(text).toContain(`${join(dataDir, 'processes.json')}; the numbers above change with every restart`);
    expect(text).toContain(`https://localhost:${Number(PUBLIC_PORT) + 363} `);
    expect(text).toMatch(
      /MongoDB \(MONGODB_URI\), Redis \(REDIS_URL\), RabbitMQ \(AMQP_URL\), nginx \(process \d+\)/,
    );
    for (const client of ['explorer', 'console']) {
      const page = await fetch(`http://localhost:${PUBLIC_PORT}/${client}/`);
      expect(await page.text()).toBe(`<h1>${client}</h1>`);
    }

    await expect(starting({ dataDir, env: { PUBLIC_PORT } }).code).rejects.toThrow(
      `It is running already: process ${process.pid}, http://localhost:${PUBLIC_PORT}.`,
    );
    stop();
    expect(await code).toBe(0);
    expect(output.text()).toMatch(/\nStopping….*\n✓ stopping everything \d+\.\d s\n$/);
    expect(holderOf(dataDir)).toBeUndefined();
  });

  it('explains itself with --help', async () => {
    const { code, output } = starting({ args: ['--help'] });
    expect(await code).toBe(0);
    expect(output.text()).toMatch(/--fresh {3}wipes/);
  });

  it.each(['abc', '0', '65536', '80.5', '-1'])('refuses PUBLIC_PORT=%s', async (PUBLIC_PORT) => {
    await expect(starting({ env: { PUBLIC_PORT } }).code).rejects.toThrow(
      `PUBLIC_PORT must be a port number (1 to 65535), not "${PUBLIC_PORT}".`,
    );
  });

  it('refuses one port for both', async () => {
    await expect(starting({ env: { PUBLIC_PORT: '9443', PUBLIC_TLS_PORT: '9443' } }).code).rejects.toThrow(
      'PUBLIC_PORT and PUBLIC_TLS_PORT are both 9443; give each its own.',
    );
  });

  it('that is told to stop before it is ready says so at once, passes nothing off as done, and leaves nothing', async () => {
    const { code, output, dataDir, stop } = starting({ env: { PUBLIC_PORT: await publicPort() } });
    // Then nginx is starting.
    const before = ['MongoDB', 'Redis', 'RabbitMQ', 'schema', 'explorer', 'console'];
    await eventually(() => before.every((title) => output.text().includes(`✓ ${title} `)));
    stop();
    await eventually(() => output.text().includes('\nStopping… Ctrl-C again kills what is left.\n'));
    await expect(code).rejects.toThrow('SIGINT');
    expect(output.text().split('Stopping…')[1]).not.toContain('✓ nginx');
    expect(holderOf(dataDir)).toBeUndefined();
  });
});

describe('npm start -- --fresh', () => {
  /** Starts afresh and stops as soon as that is done. */
  async function fresh(dataDir: string, env: Record<string, string | undefined> = {}) {
    const PUBLIC_PORT = await publicPort();
    const { code, output, stop } = starting({ args: ['--fresh'], dataDir, env: { PUBLIC_PORT, ...env } });
    await eventually(() => output.text().includes('ready in'), { timeoutMs: 60_000 });
    stop();
    await code;
    return output.text();
  }
  function folderWith(files: Record<string, string>): string {
    const folder = temporaryFolder();
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    return folder;
  }

  it('repairs what is damaged, where a start alone says to do just that', async () => {
    const dataDir = folderWith({
      'ports.json': '{',
      'processes.json': '',
      'secrets.json': '[]',
      'mine.txt': 'kept',
    });
    const alone = starting({ dataDir, env: { PUBLIC_PORT: await publicPort() } });
    await expect(alone.code).rejects.toThrow(
      /ports\.json is damaged\. Begin anew with: npm start -- --fresh$/,
    );
    const text = await fresh(dataDir);
    for (const name of ['ports', 'processes', 'secrets']) {
      expect(text).toContain(`Removing ${join(dataDir, `${name}.json`)}, which is damaged.`);
    }
    expect(readdirSync(dataDir)).toEqual(expect.arrayContaining(['mine.txt', 'secrets.json', 'ports.json']));
  });

  it('keeps the secrets and accounts that belong to somebody’s own MongoDB', async () => {
    const dataDir = folderWith({ 'demo-accounts.json': '{"accounts":[]}' });
    await fresh(dataDir);
    const secrets = readFileSync(join(dataDir, 'secrets.json'), 'utf8');
    const text = await fresh(dataDir);
    expect(text).toContain(
      'MONGODB_URI names a MongoDB of your own: its data, and the secrets for it, stay.',
    );
    expect(readFileSync(join(dataDir, 'secrets.json'), 'utf8')).toBe(secrets);
    expect(readdirSync(dataDir)).toContain('demo-accounts.json');
  });

  it('wipes nothing under a platform that runs', async () => {
    const dataDir = folderWith({ 'demo-accounts.json': '{}' });
    const release = await takeLock(dataDir, 'http://localhost:1');
    await expect(starting({ args: ['--fresh'], dataDir }).code).rejects.toThrow('It is running already');
    release();
    expect(readdirSync(dataDir)).toContain('demo-accounts.json');
  });
});
