// Lists within lists multiply: a short operation can ask for thousands of them. The gateway refuses such operations
// by what they could yield; a subgraph, which trusts no caller, stops them by what they do.
import { Ambient } from './ambient.ts';
import type { Abort } from './context.ts';
import { badUserInput, deadlineExceeded } from './errors.ts';

interface Spending {
  readonly abort: Abort;
  lists: number;
}

/** Most lists that one operation, or one event of a subscription, reads. */
const mostLists = 2_000;
const spendings = new Ambient<Spending>();

/** Runs an operation; `countList` counts within it. */
export function withListBudget<T>(abort: Abort, operation: () => Promise<T>): Promise<T> {
  return spendings.run({ abort, lists: 0 }, operation);
}

/**
 * Call before a list is read. Outside of an operation it counts nothing.
 * @throws PlatformError BAD_USER_INPUT for one list too many, DEADLINE_EXCEEDED when nobody waits any more.
 */
export function countList(): void {
  const spending = spendings.get();
  if (spending === undefined) return;
  if (spending.abort.isAborted) throw deadlineExceeded('Nobody waits for this operation any more.');
  spending.lists += 1;
  if (spending.lists > mostLists) {
    throw badUserInput(`The operation asks for too many lists; ask for ${mostLists} at most.`);
  }
}
