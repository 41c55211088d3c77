// A Set and a Map of what comes and goes with each request. When V8 tidies the table of its own, the table before points
// to the one after it. Once one of them is in the old generation, what its successors held stays alive until a full
// collection: requests that were long answered were copied there by every small one. A fresh copy now and then ends the
// chain.

/** Deletions until the next copy; and as many as it has entries, so that a copy costs no more than the deletions did. */
const deletionsBetweenCopies = 64;

/** A Set whose entries are short-lived. An iteration sees what was there when it began, or a part of it. */
export class TransientSet<Value> implements Iterable<Value> {
  #values = new Set<Value>();
  #deletions = 0;

  get size(): number {
    return this.#values.size;
  }

  add(value: Value): void {
    this.#values.add(value);
  }

  delete(value: Value): void {
    if (!this.#values.delete(value)) return;
    this.#deletions += 1;
    if (this.#deletions < deletionsBetweenCopies + this.#values.size) return;
    this.#values = new Set(this.#values);
    this.#deletions = 0;
  }

  /** The one that came first of those that are there. */
  first(): Value | undefined {
    return this.#values.values().next().value;
  }

  [Symbol.iterator](): Iterator<Value> {
    return this.#values.values();
  }
}

/** A Map whose entries are short-lived, in the order in which they came. An iteration is as that of a TransientSet. */
export class TransientMap<Key, Value> implements Iterable<[Key, Value]> {
  #entries = new Map<Key, Value>();
  #deletions = 0;

  get(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  set(key: Key, value: Value): void {
    this.#entries.set(key, value);
  }

  delete(key: Key): void {
    if (!this.#entries.delete(key)) return;
    this.#deletions += 1;
    if (this.#deletions < deletionsBetweenCopies + this.#entries.size) return;
    this.#entries = new Map(this.#entries);
    this.#deletions = 0;
  }

  clear(): void {
    this.#entries.clear();
  }

  /** The one that came first of those that are there. */
  first(): readonly [Key, Value] | undefined {
    return this.#entries.entries().next().value;
  }

  [Symbol.iterator](): Iterator<[Key, Value]> {
    return this.#entries.entries();
  }
}
