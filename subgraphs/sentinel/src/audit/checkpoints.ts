// What signed checkpoints say of a trail beyond its own hashes: that its end was cut off, or written anew. Pure.
import type { ChainedRecord } from './chain.ts';
import type { CheckpointContent } from './note.ts';

export type CheckpointFault =
  | { readonly kind: 'cut off'; readonly from: number; readonly to: number }
  | { readonly kind: 'written anew'; readonly from: number; readonly to: number };

/**
 * Where the records are not those that were signed. What was written anew lies between the last checkpoint that still holds
 * and the first that does not.
 */
export function checkpointFaults(
  records: readonly ChainedRecord[],
  checkpoints: readonly CheckpointContent[],
): CheckpointFault[] {
  const hashes = new Map(records.map(({ sequence, hash }) => [sequence, hash]));
  const last = records.at(-1)?.sequence ?? 0;
  const ordered = [...checkpoints].sort((left, right) => left.size - right.size);
  const rewritten = ordered.find(({ size, hash }) => size <= last && hashes.get(size) !== hash);
  const sound = ordered.findLast(
    ({ size, hash }) => hashes.get(size) === hash && (rewritten === undefined || size < rewritten.size),
  );
  const signed = ordered.at(-1)?.size ?? 0;
  return [
    ...(rewritten === undefined
      ? []
      : [{ kind: 'written anew' as const, from: (sound?.size ?? 0) + 1, to: rewritten.size }]),
    ...(signed > last ? [{ kind: 'cut off' as const, from: last + 1, to: signed }] : []),
  ];
}
