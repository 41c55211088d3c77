// Whether a suppression means an event. Pure.
import { fieldReader, type SigmaEvent } from '../../sigma/index.ts';

export interface Match {
  readonly field: string;
  /** Compared without regard to case; `*` stands for anything. */
  readonly value: string;
}

export function isMet({ field, value }: Match, event: SigmaEvent): boolean {
  const found = fieldReader(field)(event);
  const pattern = patternOf(value);
  return (Array.isArray(found) ? found : [found]).some(
    (each) => each !== undefined && each !== null && pattern.test(String(each)),
  );
}

/** All of what it says has to be met. */
export function means(matches: readonly Match[], event: SigmaEvent): boolean {
  return matches.every((match) => isMet(match, event));
}

function patternOf(value: string): RegExp {
  const parts = value.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^]*')}$`, 'i');
}
