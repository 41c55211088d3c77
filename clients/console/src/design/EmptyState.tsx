import type { ReactNode } from 'react';

/** Stands where a list would: says why there is none, and what to do about it. */
export function EmptyState({ children }: { children: ReactNode }) {
  return <div className="empty">{children}</div>;
}
