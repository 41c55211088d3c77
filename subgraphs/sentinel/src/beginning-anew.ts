import { isDuplicateKey } from '@supergraph/chassis/database';
import type { mongo } from 'mongoose';

/**
 * An upsert in a transaction. Where another one made the document first, the transaction begins anew and finds it: to the
 * driver that is no conflict, and so no reason to begin again.
 */
export async function orBeginAnew<T>(upsert: () => PromiseLike<T>): Promise<T> {
  try {
    return await upsert();
  } catch (error) {
    if (isDuplicateKey(error)) (error as mongo.MongoServerError).addErrorLabel('TransientTransactionError');
    throw error;
  }
}
