// What a subgraph says of the records that it keeps.

/** They are called by texts that grow, and carry their end as `expiresAt`, with a TTL index on it. */
export interface KeptModel<Config> {
  /** The field that says when it happened. */
  since: string;
  /** For how many days they are kept where a tenant says nothing. */
  days(config: Config): number;
}

export type KeptModels<Config> = Readonly<Record<string, KeptModel<Config>>>;

/** As much of a kept record as is looked at. */
export interface Kept {
  _id: string;
  expiresAt?: Date | null;
}

/** When it happened. @throws for a record without */
export function momentIn(record: Kept, since: string): Date {
  const moment: unknown = Reflect.get(record, since);
  if (moment instanceof Date) return moment;
  throw new Error(`A record that is kept by ${since} has none.`);
}
