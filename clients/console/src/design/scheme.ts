// Light or dark: as the system has it, or as the person chose for this page.
import { remembered } from '../remembered.ts';

export const schemes = ['light', 'dark'] as const;
export type Scheme = (typeof schemes)[number];

/** The chosen scheme; null: the system's. */
export const chosenScheme = remembered<Scheme>('console.scheme', schemes);

/** Keeps the document in the chosen scheme. tokens.css does the rest. */
export function applyScheme(): void {
  const apply = () => {
    document.documentElement.style.colorScheme = chosenScheme.get() ?? 'light dark';
  };
  apply();
  chosenScheme.watch(apply);
}
