// Downloading a tenant's export from the gateway.
import { gunzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import type { Platform } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

let platform: Platform;
let tenantId: string;
let token: string;
let parts: Array<{ subgraph: string; documents: number; path: string }>;
beforeAll(async () => {
  platform = await sharedPlatform();
  const { StepDeclaration } = platform.subgraphs.arthemiz.service.models;
  await eventually(async () => (await StepDeclaration.countDocuments()) === 3);
  tenantId = (await platform.tenant({ name: 'Leaving' }))._id;
  token = await platform.token({ tenantId, permissions: ['tenant:export'] });
  await platform.query('mutation { exportTenant { export { id } } }', { token });
  parts = await eventually(
    async () => {
      const query = '{ tenantExport { finishedAt parts { subgraph documents path } } }';
      const { data } = await platform.query(query, { token });
      return data.tenantExport.finishedAt !== null && data.tenantExport.parts;
    },
    { timeoutMs: 60_000 },
  );
});

const pathOf = (name: string) => parts.find(({ subgraph }) => subgraph === name)?.path ?? '';

async function download(path: string, given: string | null = token, method = 'GET') {
  const headers: Record<string, string> = given === null ? {} : { authorization: `Bearer ${given}` };
  return fetch(`${platform.gateway.url}${path}`, { method, headers });
}

describe("a tenant's export", () => {
  it('is downloaded from the gateway, one file a subgraph', async () => {
    expect(parts.map(({ subgraph }) => subgraph)).toEqual(['arthemiz', 'sentinel', 'systemhealth']);
    for (const { subgraph, path, documents } of parts) {
      const response = await download(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-disposition')).toBe(
        `attachment; filename="${subgraph}.ndjson.gz"`,
      );
      const text = gunzipSync(Buffer.from(await response.arrayBuffer())).toString();
      const lines = text.trimEnd().split('\n');
      const headings = lines.map((line) => JSON.parse(line)).filter(({ exportId }) => exportId !== undefined);
      expect(headings[0]).toMatchObject({ subgraph });
      expect(lines.length - headings.length).toBe(documents);
    }
  });

  it('is given to nobody else, who learns nothing of its being there', async () => {
    const path = pathOf('sentinel');
    const anonymous = await download(path, null);
    expect(anonymous.status).toBe(401);
    expect(anonymous.headers.get('www-authenticate')).toBe('Bearer');
    const without = await platform.token({ tenantId, permissions: ['tenant:read'] });
    expect((await download(path, without)).status).toBe(403);
    const { _id: otherId } = await platform.tenant({ name: 'Other' });
    const foreign = await download(
      path,
      await platform.token({ tenantId: otherId, permissions: ['tenant:export'] }),
    );
    const unknown = await download(path.replace(/exp_[^/]*/, 'exp_none'));
    const nowhere = await download(path.replace('/sentinel', '/nobody'));
    const bodies = await Promise.all([foreign, unknown, nowhere].map((response) => response.json()));
    for (const body of bodies) expect(body).toMatchObject({ status: 404, detail: bodies[0].detail });
    expect((await download(path, token, 'POST')).status).toBe(405);
  });
});
