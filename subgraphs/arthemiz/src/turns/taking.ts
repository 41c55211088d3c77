// Turns of those who change one tenant's own data, wherever that lies.
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { isInTransaction } from '@supergraph/chassis/transaction';
import { type Connection, mongo } from 'mongoose';
import type { TenantTurnsRow } from './model.ts';

export type Turn = Exclude<keyof TenantTurnsRow, '_id' | 'uncountedSince'>;

/** In the running transaction of the tenant in scope: the next one who takes this turn waits for its end. */
export async function takeTurn({ connection }: { connection: Connection }, turn: Turn): Promise<void> {
  const _id = currentTenant();
  const counted = { $inc: { [turn]: 1 } };
  if (isAtHome(connection)) await connection.model('Tenant').updateOne({ _id }, counted);
  else await changeTurns(connection, counted);
}

/** Of the tenant in scope, who lives elsewhere. */
export async function changeTurns(connection: Connection, change: object): Promise<void> {
  const _id = currentTenant();
  const turns = connection.model('TenantTurns');
  const { matchedCount } = await turns.updateOne({ _id }, change);
  if (matchedCount > 0) return;
  // Made outside of the transaction, which then begins anew: of two who make it in one each, one would fail.
  await turns.updateOne({ _id }, { $setOnInsert: { grantChanges: 0 } }, { upsert: true }).session(null);
  if (isInTransaction()) throw beginAnew();
  await turns.updateOne({ _id }, change);
}

function beginAnew(): Error {
  const error = new mongo.MongoServerError({ message: 'The turns of the tenant were made this moment.' });
  error.addErrorLabel('TransientTransactionError');
  return error;
}
