// Verifies an audit trail offline: node --import tsx subgraphs/sentinel/src/audit/verify-main.ts [--key KEY] FILE...
// The FILEs have the records of one tenant, a line each, such as the unpacked file of a tenant's export, and checkpoints: those
// of the export, and notes that were kept elsewhere. Says which record was changed, put in, cut off, written anew, or is
// missing, and exits 1; or how many there are and the last hash, and exits 0.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { faultsOf } from './chain.ts';
import { checkpointFaults } from './checkpoints.ts';
import { openNote } from './note.ts';
import { readNotes, readTrail } from './trail-file.ts';

const { values, positionals: files } = parseArgs({
  options: { key: { type: 'string' } },
  allowPositionals: true,
});
const say = (line: string) => process.stdout.write(`${line}\n`);
if (files.length === 0) {
  process.stderr.write('Usage: verify-main.ts [--key KEY] FILE...\n');
  process.exit(2);
}
const texts = files.map((file) => readFileSync(file, 'utf8'));
const records = texts.flatMap(readTrail).sort((left, right) => left.sequence - right.sequence);
const notes = texts.flatMap(readNotes);
const key = values.key ?? notes.find(({ verifierKey }) => verifierKey !== null)?.verifierKey ?? null;
const opened = notes.map(({ note }) => (key === null ? null : openNote(note, key)));
const checkpoints = opened.flatMap((each) => each ?? []);
const unsigned = opened.length - checkpoints.length;
const faults = faultsOf(records);
const beyond = checkpointFaults(records, checkpoints);
for (const { sequence, kind } of faults) say(`record ${sequence}: ${kind}`);
for (const { from, to, kind } of beyond) say(`records ${from} to ${to}: ${kind}`);
if (unsigned > 0) say(`${unsigned} checkpoints: not signed by the key`);
if (values.key === undefined && notes.length > 0)
  say('The key comes from the file itself. Give --key with the one that you got otherwise.');
const last = records.at(-1);
const head = last === undefined ? 'none' : `the last is ${last.sequence} with hash ${last.hash}`;
const count = faults.length + beyond.length + (unsigned > 0 ? 1 : 0);
say(`${records.length} records, ${count} faults, ${checkpoints.length} checkpoints; ${head}`);
process.exitCode = count === 0 ? 0 : 1;
