import type { DocumentNode } from 'graphql';

/**
 * The documents that remembered decisions are about, which keep them in memory when the cache of documents has long
 * dropped them. Several decisions on one document hold it once.
 */
export class HeldDocuments {
  readonly #held = new Map<DocumentNode, { bytes: number; decisions: number }>();
  #bytes = 0;

  /** Of all of them together. */
  get bytes(): number {
    return this.#bytes;
  }

  hold(document: DocumentNode, bytes: number): void {
    const held = this.#held.get(document);
    if (held !== undefined) {
      held.decisions += 1;
      return;
    }
    this.#held.set(document, { bytes, decisions: 1 });
    this.#bytes += bytes;
  }

  /** For each `hold`. */
  release(document: DocumentNode): void {
    const held = this.#held.get(document);
    if (held === undefined) return;
    held.decisions -= 1;
    if (held.decisions > 0) return;
    this.#held.delete(document);
    this.#bytes -= held.bytes;
  }
}
