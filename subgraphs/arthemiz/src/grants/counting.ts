// Every write to what somebody's standing is made of counts a change of their tenant's grants, in the same transaction.
// Answers are kept by that number (access/standings.ts), so that nobody is given one from before a change. It hangs on the
// models and not at those who write, because one forgotten would leave somebody with what was taken away.
//
// The number is the tenant's, at home. What changed in another region is counted there right after the commit, before whoever
// changed it is answered; that it has yet to be is noted with the change (home-tasks/driver.ts).
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { currentScope } from '@supergraph/chassis/tenancy';
import { afterCommit } from '@supergraph/chassis/transaction';
import type { Connection, Schema } from 'mongoose';
import type { Arthemiz } from '../context.ts';
import { changeTurns } from '../turns/taking.ts';

/** For the schema of every model that `standingsOf` reads. */
export function countGrantChanges(schema: Schema): void {
  schema.post('save', function () {
    return countChange(this.db);
  });
  schema.post([...changingQueries], { query: true, document: false }, function () {
    return countChange(this.model.db);
  });
  schema.post('insertMany', function () {
    return countChange(this.db);
  });
  schema.post('bulkWrite', function () {
    return countChange(this.db);
  });
}

const changingQueries = [
  'updateOne',
  'updateMany',
  'replaceOne',
  'deleteOne',
  'deleteMany',
  'findOneAndUpdate',
  'findOneAndReplace',
  'findOneAndDelete',
] as const;

async function countChange(connection: Connection): Promise<void> {
  // A write across tenants may have changed any tenant's.
  const tenantId = currentScope()?.tenantId;
  if (tenantId === undefined || isAtHome(connection)) return countOf(connection, tenantId);
  await changeTurns(connection, { $inc: { grantChanges: 1 }, $set: { uncountedSince: new Date() } });
  await afterCommit(`changes of grants of ${tenantId}`, () => countAtHome({ connection }, tenantId));
}

/** Counts at home what changed in the region of the tenant in scope. In no transaction. */
export async function countAtHome(
  { connection }: Pick<Arthemiz, 'connection'>,
  tenantId: string,
): Promise<void> {
  const turns = connection.model('TenantTurns');
  const seen = await turns.findOne({ _id: tenantId }).lean<{ grantChanges: number }>();
  await countOf(connection, tenantId);
  // One that was made meanwhile keeps its note.
  const isCounted = { _id: tenantId, grantChanges: seen?.grantChanges };
  await turns.updateOne(isCounted, { $unset: { uncountedSince: 1 } });
}

async function countOf(connection: Connection, tenantId: string | undefined): Promise<void> {
  const changed = tenantId === undefined ? {} : { _id: tenantId };
  await connection.model('Tenant').updateMany(changed, { $inc: { grantChanges: 1 } });
}
