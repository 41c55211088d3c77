// A number that a probe read off its target beside the outcome, named as Prometheus names metrics.

export interface Measurement {
  /** Base units, and `_total` for what only grows: `redis_memory_used_bytes`, `redis_evicted_keys_total`. */
  readonly metric: string;
  /** Always finite. */
  readonly value: number;
  readonly labels?: Readonly<Record<string, string>>;
}
