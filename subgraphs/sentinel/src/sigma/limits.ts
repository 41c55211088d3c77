/** Rules come from people, and from the public: nothing in them is unbounded. */
export const limits = {
  /** Characters of one YAML text. */
  text: 1_048_576,
  /** Documents in one text. */
  documents: 100,
  /** Values of one detection item, after modifiers have multiplied them. */
  values: 10_000,
  /** Characters of one value. */
  value: 4_096,
  /** Characters of a condition, and how deep its brackets nest. */
  condition: 4_096,
  nesting: 64,
  /** How deep a chain of correlations may be. */
  chain: 8,
  /** Longest timespan: 90 days. */
  timespanMs: 90 * 24 * 60 * 60 * 1_000,
  /** Instructions of a regular expression's program are bounded by RE2; its text by this. */
  regularExpression: 1_024,
  /** How deep keywords look into an event, and at how many values. */
  eventDepth: 8,
  eventValues: 1_000,
} as const;
