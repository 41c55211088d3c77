// The audit trail, from a privileged action to a verifier that finds the one record that was changed.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import fc from 'fast-check';
import { type Copy, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { type ChainedRecord, faultsOf, genesis, hashOf } from './chain.ts';

/** A good chain of so many. */
function chainOf(length: number): ChainedRecord[] {
  let previous = genesis;
  return Array.from({ length }, (_, index) => {
    const content = {
      ...{
        tenantId: 'ten_a',
        sequence: index + 1,
        occurredAt: '2026-01-01T00:00:00.000Z',
        eventId: `e${index}`,
      },
      ...{
        action: 'arthemiz.role.updated.v1',
        actorId: 'per_mia',
        subjectId: null,
        details: { roles: ['viewer'] },
      },
    };
    previous = hashOf(previous, content);
    return { ...content, hash: previous };
  });
}

describe('the chain', () => {
  it('is whole as it was made, and any one record that is changed, removed or put in is found', () => {
    const changes = fc.record<Partial<ChainedRecord>>({
      actorId: fc.constantFrom('per_eve', null),
      action: fc.constantFrom('arthemiz.role.created.v1', 'arthemiz.role.updated.v1'),
      details: fc.constantFrom<ChainedRecord['details']>({}, { roles: ['owner'] }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 20 }), fc.nat(), changes, (length, place, change) => {
        const chain = chainOf(length);
        expect(faultsOf(chain)).toEqual([]);
        const at = place % length;
        const sequence = at + 1;
        const changed = chain.map((record, index) => (index === at ? { ...record, ...change } : record));
        expect(faultsOf(changed)).toEqual([{ sequence, kind: 'changed' }]);
        const twice = chain.flatMap((record, index) => (index === at ? [record, record] : [record]));
        expect(faultsOf(twice)).toContainEqual({ sequence, kind: 'put in' });
        if (at === length - 1) return; // that the last is missing, a chain alone can't tell
        expect(faultsOf(chain.filter((_, index) => index !== at))).toEqual([{ sequence, kind: 'missing' }]);
      }),
    );
  });

  it('names the record after one whose hash was made anew', () => {
    const chain = chainOf(5);
    const forged = { ...(chain[2] as ChainedRecord), actorId: 'per_eve' }; // the third of five
    const hash = hashOf(chain[1]?.hash ?? '', forged);
    expect(faultsOf(chain.with(2, { ...forged, hash }))).toEqual([{ sequence: 4, kind: 'changed' }]);
  });
});

describe('what is done with privileges', () => {
  let platform: TestPlatform;
  let copy: Copy;
  beforeAll(async () => {
    platform = await testPlatform();
    copy = await platform.start();
  });
  afterAll(() => platform.stop());

  const fields = 'id sequence occurredAt action eventId actorId subjectId details hash';
  const query = `query ($filter: AuditFilter) { auditRecords(first: 100, filter: $filter) { nodes { ${fields} } } }`;
  const reader = (tenantId: string) => testViewer({ tenantId, permissions: ['audit-record:read'] });

  it('is told of by mutations that no event of their own tells of, where they did something', async () => {
    const tenantId = 'ten_audit_actions';
    const viewer = testViewer({
      tenantId,
      permissions: ['canary:write', 'canary:read', 'response:write', 'response:read'],
    });
    const make = `mutation ($value: String!) { createCanary(input: { name: "Old backup", kind: CLIENT, value: $value }) {
      canary { id } errors { message } } }`;
    const create = (value: string) => platform.execute(copy, { query: make, variables: { value }, viewer });
    const made = (await create('key_decoy')).data.createCanary;
    expect((await create('key_decoy')).data.createCanary.errors).toHaveLength(1);
    const drop = `mutation { deleteCanary(input: { id: "${made.canary.id}" }) { errors { message } } }`;
    for (const outcome of [[], [expect.anything()]])
      expect((await platform.execute(copy, { query: drop, viewer })).data.deleteCanary.errors).toEqual(
        outcome,
      );
    const propose = `mutation { proposeResponse(input: { kind: BLOCK, targetKind: PERSON, target: "per_mallory",
      reason: "x", mode: APPROVAL }) { response { id } errors { message } } }`;
    const proposed = (await platform.execute(copy, { query: propose, viewer })).data.proposeResponse;
    const records = await eventually(async () => {
      const { data } = await platform.execute(copy, { query, viewer: reader(tenantId) });
      return data.auditRecords.nodes.length >= 3 && data.auditRecords.nodes;
    });
    const told = records.map(({ action, actorId, subjectId }: Record<string, unknown>) => ({
      ...{ action, actorId, subjectId },
    }));
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        { action: 'sentinel.createCanary', actorId: viewer.subject, subjectId: made.canary.id },
        { action: 'sentinel.deleteCanary', actorId: viewer.subject, subjectId: made.canary.id },
        {
          ...{ action: 'sentinel.response.changed.v1', actorId: viewer.subject },
          subjectId: proposed.response.id,
        },
      ]),
    );
  });
  const trail = async (tenantId: string, filter: object = {}) => {
    const answer = await platform.execute(copy, { query, variables: { filter }, viewer: reader(tenantId) });
    if (answer.errors !== undefined) throw new Error(JSON.stringify(answer.errors));
    return answer.data.auditRecords.nodes as (ChainedRecord & { details: string })[];
  };
  const pause = (tenantId: string, pausedBy: string, checkId: string) =>
    inTenant(tenantId, () =>
      copy.service.events.publish('systemhealth.check.paused.v1', {
        subject: checkId,
        data: { checkId, serviceId: 'svc_1', status: 'UP', pausedBy },
      }),
    );

  it('is in the tenant’s trail, is searched, and is verified offline, where one changed record is found', async () => {
    const people = ['per_mia', 'per_eve', 'per_mia', 'per_zoe', 'per_eve'];
    await Promise.all(people.map((person, index) => pause('ten_trail', person, `chk_${index}`)));
    const all = await eventually(async () => {
      const records = await trail('ten_trail');
      return records.length === 5 && records;
    });
    expect(all.map(({ sequence }) => sequence).sort()).toEqual([1, 2, 3, 4, 5]);
    expect(await trail('ten_trail', { actorId: 'per_eve' })).toMatchObject([
      { action: 'systemhealth.check.paused.v1', actorId: 'per_eve' },
      { action: 'systemhealth.check.paused.v1', actorId: 'per_eve' },
    ]);
    expect(await trail('ten_trail', { subjectId: 'chk_3' })).toMatchObject([{ actorId: 'per_zoe' }]);
    expect(await trail('ten_elsewhere')).toEqual([]);
    const { errors } = await platform.execute(copy, {
      query,
      viewer: testViewer({ tenantId: 'ten_trail', permissions: ['security-event:read'] }),
    });
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');

    expect(await verified()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('5 records, 0 faults'),
    });
    // Somebody with the database's password changes who did it.
    const collection = copy.service.connection.db?.collection('audit_records');
    await collection?.updateOne({ tenantId: 'ten_trail', sequence: 3 }, { $set: { actorId: 'per_nobody' } });
    expect(await verified()).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^record 3: changed\n5 records/),
    });
  });

  it('is recorded once, however often it is told', async () => {
    await pause('ten_once', 'per_mia', 'chk_1');
    const [first] = await eventually(async () => {
      const records = await trail('ten_once');
      return records.length === 1 && records;
    });
    expect(first?.sequence).toBe(1);
    await pause('ten_once', 'per_mia', 'chk_2');
    expect(
      (
        await eventually(async () => {
          const records = await trail('ten_once');
          return records.length === 2 && records;
        })
      ).map(({ sequence }) => sequence),
    ).toEqual([2, 1]);
  });

  /** What the command line says of the records as they are stored, in the form in which an export has them. */
  async function verified(): Promise<{ code: number; stdout: string }> {
    const rows = await copy.service.connection.db
      ?.collection('audit_records')
      .find({ tenantId: 'ten_trail' })
      .toArray();
    const folder = await mkdtemp(join(tmpdir(), 'trail-'));
    const file = join(folder, 'trail.ndjson');
    await writeFile(file, (rows ?? []).map((row) => JSON.stringify(row)).join('\n'));
    const program = fileURLToPath(new URL('./verify-main.ts', import.meta.url));
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, file]);
      return { code: 0, stdout };
    } catch (error) {
      const { code = -1, stdout = '' } = error as { code?: number; stdout?: string }; // execFile's own
      return { code, stdout };
    } finally {
      await rm(folder, { recursive: true });
    }
  }
});
