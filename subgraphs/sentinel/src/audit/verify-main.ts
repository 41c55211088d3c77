// Verifies an audit trail offline: node --import tsx subgraphs/sentinel/src/audit/verify-main.ts FILE
// FILE has the records of one tenant, a line each, such as the unpacked file of a tenant's export. Says which record was
// changed, put in, or is missing, and exits 1; or how many there are and the last hash, and exits 0.
import { readFileSync } from 'node:fs';
import { faultsOf } from './chain.ts';
import { readTrail } from './trail-file.ts';

const [, , file] = process.argv;
if (file === undefined) {
  process.stderr.write('Usage: verify-main.ts FILE\n');
  process.exit(2);
}
const records = readTrail(readFileSync(file, 'utf8'));
const faults = faultsOf(records);
for (const { sequence, kind } of faults) process.stdout.write(`record ${sequence}: ${kind}\n`);
const last = records.at(-1);
const head = last === undefined ? 'none' : `the last is ${last.sequence} with hash ${last.hash}`;
process.stdout.write(`${records.length} records, ${faults.length} faults; ${head}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
