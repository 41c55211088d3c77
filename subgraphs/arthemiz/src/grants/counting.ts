// Every write to what somebody's standing is made of counts a change of their tenant's grants, in the same transaction.
// Answers are kept by that number (access/standings.ts), so that nobody is given one from before a change. It hangs on the
// models and not at those who write, because one forgotten would leave somebody with what was taken away.
import { currentScope } from '@supergraph/chassis/tenancy';
import type { Connection, Schema } from 'mongoose';

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
  const changed = tenantId === undefined ? {} : { _id: tenantId };
  await connection.model('Tenant').updateMany(changed, { $inc: { grantChanges: 1 } });
}
