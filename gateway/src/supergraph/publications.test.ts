// Supergraphs that operators publish for all gateways, by the command that they use.
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { eventually } from '@supergraph/chassis/testing';
import type { RunningGateway } from '../gateway.ts';
import { type Platform, startPlatform, supergraphFile } from '../testing/platform.ts';
import { openPublications } from './publications.ts';
import { runPublishCommand } from './publish-command.ts';

const original = readFileSync(supergraphFile, 'utf8');
let platform: Platform;
let gateway: RunningGateway;
let folder: string;
let renamed: string;
let token: string;
let env: Record<string, string>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'publications-'));
  renamed = join(folder, 'renamed.graphql');
  await writeFile(
    renamed,
    original.replace(
      'slug: String @join__field(graph: ARTHEMIZ)',
      'short: String @join__field(graph: ARTHEMIZ)',
    ),
  );
  platform = await startPlatform();
  const { MONGODB_URI = '', NAMESPACE = '' } = platform.environment.env;
  env = { SUPERGRAPH_MONGODB_URI: MONGODB_URI, NAMESPACE };
  gateway = await platform.startGateway(env, { supergraph: { pollMs: 20 } });
  const { _id: tenantId } = await platform.tenant({ name: 'Acme' });
  token = await platform.token({ tenantId, permissions: ['tenant:read'] });
});
afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function command(words: string[], more: Record<string, string> = {}) {
  const lines: string[] = [];
  const logger = createLogger({ service: 'publish', level: 'silent' });
  const code = await runPublishCommand({
    ...{ words, env: { ...env, ...more }, logger },
    print: (line) => void lines.push(line),
  });
  return { code, lines };
}
const hasSlug = async (at = gateway) =>
  (await platform.query('{ tenant { slug } }', { token, at })).errors === undefined;
const supergraphCheck = async () => {
  const readiness = await (await fetch(`${gateway.url}/health/ready`)).json();
  return (readiness as { checks: Record<string, string> }).checks.supergraph; // what Health answers
};

describe('published supergraphs', () => {
  it('are stood in for by the file until there is one, which readiness tells', async () => {
    await eventually(async () => expect(await supergraphCheck()).toBe('down'));
    expect(await hasSlug()).toBe(true);
    expect((await command(['publish', supergraphFile])).lines).toEqual([
      'published version 1: arthemiz, sentinel, systemhealth',
    ]);
    await eventually(async () => expect(await supergraphCheck()).toBe('up'));
  });

  it('are served by running gateways and those that start, and can be taken back', async () => {
    const published = await command(['publish', renamed, '{}', 'a better name']);
    expect(published).toEqual({
      code: 0,
      lines: ['warning: Tenant.slug was removed.', expect.stringMatching(/^published version 2: /)],
    });
    await eventually(async () => expect(await hasSlug()).toBe(false));
    expect(await platform.metric(gateway, 'gateway_supergraph_info', { version: '2' })).toBe(1);
    const another = await platform.startGateway(env, { supergraph: { pollMs: 20 } });
    expect(await hasSlug(another)).toBe(false);
    expect((await command(['rollback', '1'])).lines).toEqual([
      'warning: Tenant.short was removed.',
      'published version 3, as 1 was',
    ]);
    await eventually(async () => expect([await hasSlug(), await hasSlug(another)]).toEqual([true, true]));
    const { lines } = await command(['list']);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { _id: 3, copyOf: 1, note: 'back to 1' },
      { _id: 2, copyOf: null, note: 'a better name' },
      { _id: 1, copyOf: null },
    ]);
  });

  it('are told of where they make registered documents invalid', async () => {
    const manifests = join(folder, 'manifests');
    await mkdir(join(manifests, 'till'), { recursive: true });
    const manifest = JSON.stringify({ slug: '{ tenant { slug } }', name: '{ tenant { name } }' });
    await writeFile(join(manifests, 'till', 'all.json'), manifest);
    const { code, lines } = await command(['publish', renamed], { TRUSTED_DOCUMENTS_PATH: manifests });
    expect([code, lines]).toEqual([
      0,
      [
        'warning: Tenant.slug was removed.',
        'warning: the registered document slug of till will be refused: Cannot query field "slug" on type "Tenant".',
        expect.stringMatching(/^published version 4: /),
      ],
    ]);
  });

  it('bring along the URLs of subgraphs that the deployment does not name', async () => {
    const { sentinel, ...urls } = JSON.parse(platform.gatewayEnv.SUBGRAPH_URLS ?? '') as Record<
      string,
      string
    >;
    const partial = { ...env, SUBGRAPH_URLS: JSON.stringify(urls) };
    await expect(platform.startGateway(partial)).rejects.toThrow(/no URL for sentinel/);
    await command(['publish', supergraphFile, JSON.stringify({ sentinel })]);
    const started = await platform.startGateway(partial);
    expect(await hasSlug(started)).toBe(true);
  });

  it('are refused where they are none, before any gateway sees them', async () => {
    await writeFile(join(folder, 'none.graphql'), 'type Query { a: Int }');
    for (const words of [[join(folder, 'none.graphql')], [supergraphFile, 'no JSON'], ['nowhere.graphql']]) {
      const { code, lines } = await command(['publish', ...words]);
      expect([code, lines]).toEqual([1, [expect.any(String)]]);
    }
    expect((await command(['list'])).lines[0]).toMatch('"_id":5');
    // As an earlier release may have published it.
    const { SUPERGRAPH_MONGODB_URI: uri = '', NAMESPACE: namespace = '' } = env;
    const logger = createLogger({ service: 'publish', level: 'silent' });
    const publications = await openPublications({ uri, namespace, logger });
    const refused = { sdl: 'type Query { a: Int }', urls: {}, note: '', copyOf: null };
    const version = await publications.publish(refused);
    expect(await command(['rollback', String(version)])).toEqual({ code: 1, lines: [expect.any(String)] });
    expect(await publications.newestVersion()).toBe(version);
    await publications.close();
    expect(await command(['rollback', '77'])).toEqual({ code: 1, lines: ['There is no version 77.'] });
    expect((await command(['retract'])).code).toBe(2);
  });
});
