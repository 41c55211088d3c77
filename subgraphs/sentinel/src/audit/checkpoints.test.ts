// Checkpoints of the audit trail: what they find that the chain alone doesn't.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTenant } from '@supergraph/chassis/tenancy';
import { eventually, testViewer } from '@supergraph/chassis/testing';
import { type Copy, type TestPlatform, testPlatform } from '../testing/platform.ts';
import { hashOf } from './chain.ts';
import { openNote, signedNote, signingKeyOf, verifierKey } from './note.ts';
import { signDue } from './signing.ts';
import { readTrail } from './trail-file.ts';

describe('a checkpoint’s note', () => {
  const key = signingKeyOf(Buffer.alloc(32, 7));
  const content = {
    tenantId: 'ten_a',
    size: 12,
    hash: 'ab'.repeat(32),
    signedAt: '2026-01-01T00:00:00.000Z',
  };

  it('is text that anybody can read, and opens with its key alone, as it was signed', () => {
    const note = signedNote(content, key);
    const verifier = verifierKey('ten_a', key);
    expect(note.split('\n').slice(0, 4)).toEqual([
      'supergraph/sentinel/audit/ten_a',
      '12',
      Buffer.from(content.hash, 'hex').toString('base64'),
      'signed 2026-01-01T00:00:00.000Z',
    ]);
    expect(openNote(note, verifier)).toEqual(content);
    expect(openNote(note.replace('\n12\n', '\n11\n'), verifier)).toBeNull();
    expect(openNote(note, verifierKey('ten_a', signingKeyOf(randomBytes(32))))).toBeNull();
    expect(openNote(note, verifierKey('ten_b', key))).toBeNull();
    expect(openNote('no note', verifier)).toBeNull();
  });
});

describe('an audit trail with checkpoints', () => {
  const tenantId = 'ten_signed';
  const seed = randomBytes(32);
  let platform: TestPlatform;
  let copy: Copy;
  let kept: string;
  beforeAll(async () => {
    platform = await testPlatform();
    copy = await platform.start({
      CHECKPOINT_SIGNING_KEY: seed.toString('base64'),
      AUDIT_CHECKPOINT_RECORDS: '4',
    });
    for (let index = 0; index < 10; index += 1) await pause(index);
    await eventually(async () => (await records().countDocuments({ tenantId })) === 10, {
      timeoutMs: 60_000,
    });
    kept = await exported();
  }, 480_000);
  afterAll(() => platform.stop());

  const records = () => {
    const found = copy.service.connection.db?.collection('audit_records');
    if (found === undefined) throw new Error('there is no database');
    return found;
  };
  const pause = (index: number) =>
    inTenant(tenantId, () =>
      copy.service.events.publish('systemhealth.check.paused.v1', {
        subject: `chk_${index}`,
        data: { checkId: `chk_${index}`, serviceId: 'svc_1', status: 'UP', pausedBy: 'per_mia' },
      }),
    );
  /** Records and checkpoints as lines, as they are stored. */
  const exported = async () => {
    const checkpoints = copy.service.connection.db?.collection('audit_checkpoints');
    const rows = await records().find({ tenantId }).toArray();
    const signed = (await checkpoints?.find({ tenantId }).toArray()) ?? [];
    return [...rows, ...signed].map((row) => JSON.stringify(row)).join('\n');
  };
  const key = () => verifierKey(tenantId, signingKeyOf(seed));

  async function verified(text: string, args: string[] = ['--key', key()]) {
    const folder = await mkdtemp(join(tmpdir(), 'trail-'));
    const file = join(folder, 'trail.ndjson');
    await writeFile(file, text);
    const program = fileURLToPath(new URL('./verify-main.ts', import.meta.url));
    const command = ['--import', 'tsx', program, ...args, file];
    try {
      const { stdout } = await promisify(execFile)(process.execPath, command);
      return { code: 0, stdout };
    } catch (error) {
      const { code = -1, stdout = '' } = error as { code?: number; stdout?: string }; // execFile's own
      return { code, stdout };
    } finally {
      await rm(folder, { recursive: true });
    }
  }

  it('is signed each so many records, and what is left after a while', async () => {
    await signDue(copy.service, tenantId);
    await signDue(copy.service, tenantId);
    const query =
      '{ auditVerifierKey auditCheckpoints(first: 10) { nodes { size hash signedAt note verifierKey } } }';
    const viewer = testViewer({ tenantId, permissions: ['audit-record:read'] });
    const { data } = await platform.execute(copy, { query, viewer });
    const { nodes } = data.auditCheckpoints;
    expect(nodes.map(({ size }: { size: number }) => size)).toEqual([10, 8, 4]);
    expect(data.auditVerifierKey).toBe(key());
    expect(openNote(nodes[1].note, key())).toEqual({
      ...{ tenantId, size: 8, hash: nodes[1].hash, signedAt: nodes[1].signedAt },
    });
    const events = copy.service.connection.db?.collection('outbox');
    expect(await events?.countDocuments({ 'event.type': 'sentinel.audit.checkpointed.v1' })).toBe(3);
    const answer = await verified(await exported());
    expect(answer.stdout).toContain('10 records, 0 faults, 3 checkpoints');
    expect(answer.code).toBe(0);
    kept = await exported();
  });

  it('shows which record was changed', async () => {
    await records().updateOne({ tenantId, sequence: 3 }, { $set: { actorId: 'per_nobody' } });
    expect(await verified(await exported())).toMatchObject({
      ...{ code: 1, stdout: expect.stringMatching(/^record 3: changed\n/) },
    });
    await records().updateOne({ tenantId, sequence: 3 }, { $set: { actorId: 'per_mia' } });
  });

  it('shows that everything from some record on was written anew', async () => {
    const trail = readTrail(await exported());
    let previous = trail[4]?.hash ?? '';
    for (const record of trail.slice(5)) {
      const forged = { ...record, actorId: 'per_eve' };
      previous = hashOf(previous, forged);
      await records().updateOne(
        { tenantId, sequence: record.sequence },
        { $set: { actorId: 'per_eve', hash: previous } },
      );
    }
    const { code, stdout } = await verified(await exported());
    expect(stdout).toMatch(/^records 5 to 8: written anew\n10 records, 1 faults/);
    expect(code).toBe(1);
  });

  it('shows that its end was cut off, by a checkpoint that was kept elsewhere', async () => {
    await records().deleteMany({ tenantId, sequence: { $gt: 4 } });
    const checkpoints = copy.service.connection.db?.collection('audit_checkpoints');
    await checkpoints?.deleteMany({ tenantId, size: { $gt: 4 } });
    const cut = await exported();
    expect((await verified(cut)).stdout).toContain('4 records, 0 faults');
    const notes = kept.split('\n').filter((line) => line.includes('"note"'));
    const { stdout, code } = await verified([cut, ...notes].join('\n'));
    expect(stdout).toContain('records 5 to 10: cut off\n4 records, 1 faults');
    expect(code).toBe(1);
  });

  it('says that a checkpoint was not signed by the key, and that a key from the file proves little', async () => {
    const other = verifierKey(tenantId, signingKeyOf(randomBytes(32)));
    const wrong = await verified(kept, ['--key', other]);
    expect(wrong.stdout).toContain('3 checkpoints: not signed by the key');
    expect(wrong.code).toBe(1);
    const own = await verified(kept, []);
    expect(own.stdout).toContain('The key comes from the file itself.');
    expect(own.code).toBe(0);
  });
});
