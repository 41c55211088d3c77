import type { Refusal } from '../platform/change.ts';
import { Notice } from './Notice.tsx';

/** Why a change was refused; nothing where it was not. */
export function Refusals({ refusals }: { refusals: readonly Refusal[] }) {
  if (refusals.length === 0) return null;
  return (
    <Notice tone="bad">
      {refusals.map(({ message }) => (
        <p key={message}>{message}</p>
      ))}
    </Notice>
  );
}
