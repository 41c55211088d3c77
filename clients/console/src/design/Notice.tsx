import type { ReactNode } from 'react';
import type { Tone } from './Badge.tsx';

/** Something that the person has to know; what went wrong is read aloud at once. */
export function Notice({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return (
    <div className="notice" data-tone={tone} role={tone === 'bad' ? 'alert' : undefined}>
      {children}
    </div>
  );
}
