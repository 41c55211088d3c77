// What a transaction can reach: it stays in one region. What lies in another one it can read, as it is committed.
import { mongo } from 'mongoose';
import { TenancyError } from '../tenancy.ts';

export interface Reaching {
  /** Of the database that the operation goes to. */
  client: mongo.MongoClient;
  isRead: boolean;
  /** For the message. */
  what: string;
}

/**
 * The operation's arguments, without the session of a transaction of another region.
 * @throws TenancyError for a write: it would be made whatever becomes of the transaction
 */
export function withinReach(given: unknown[], { client, isRead, what }: Reaching): unknown[] {
  return given.map((argument) => {
    if (!hasSession(argument) || Reflect.get(argument.session, 'client') === client) return argument;
    if (!isRead)
      throw new TenancyError(
        `${what}: a transaction stays in one region, and this would change another one.`,
      );
    const { session: _, ...rest } = argument;
    return rest;
  });
}

function hasSession(argument: unknown): argument is { session: mongo.ClientSession } {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'session' in argument &&
    argument.session instanceof mongo.ClientSession
  );
}
