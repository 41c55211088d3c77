// What a model says about the people in its documents. A person may have a copy of what is about them, and have it
// erased (GDPR, articles 15, 17 and 20); the chassis does both by what stands here.

export interface OfPeople {
  /** Fields with the id of the person whom a document is about. Each needs an index that begins with it. */
  readonly about?: readonly string[];
  /** Fields that name people whom the document is not about, or not theirs to have, each with the reason. */
  readonly mentions?: Readonly<Record<string, string>>;
  /** For documents that outlive the account: why they do, and which fields are emptied then. Absent: they go with it. */
  readonly kept?: { readonly because: string; readonly without: readonly string[] };
}
