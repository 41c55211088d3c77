// What goes along with running code across every await. All of it lies in one storage, because each one of these costs
// something at every promise of the process.
import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<ReadonlyMap<Ambient<unknown>, unknown>>();

/** One such thing: known to the code that is run with it, and to nobody else. */
export class Ambient<Value> {
  /** Runs `work` with the value in the place of what was there. */
  run<Result>(value: Value, work: () => Result): Result {
    return storage.run(new Map(storage.getStore()).set(this, value), work);
  }

  /** The value of the innermost `run` around the running code; undefined outside of any. */
  get(): Value | undefined {
    return storage.getStore()?.get(this) as Value | undefined; // put there by run, and by nobody else
  }
}
