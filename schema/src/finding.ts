/** Something that keeps the schema from being taken over: where it lies, what is wrong, what to do. */
export interface Finding {
  /** A file with its line, or a schema coordinate. */
  where: string;
  problem: string;
  remedy: string;
}
