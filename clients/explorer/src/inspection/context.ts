// Hands the page's parts what they share: GraphiQL's panels are made far from where their data is.
import { createContext, useContext, useSyncExternalStore } from 'react';
import type { Run, Runs } from '../plan/runs.ts';
import type { Inspection, InspectionState } from './inspection.ts';

export interface Inspected {
  inspection: Inspection;
  runs: Runs;
}

export const InspectedContext = createContext<Inspected | null>(null);

function useInspected(): Inspected {
  const inspected = useContext(InspectedContext);
  if (inspected === null) throw new Error('This part of the page is outside of an InspectedContext.');
  return inspected;
}

export function useInspection(): Inspection & { current: InspectionState } {
  const { inspection } = useInspected();
  return { ...inspection, current: useSyncExternalStore(inspection.watch, inspection.state) };
}

export function useLastRun(): Run | null {
  const { runs } = useInspected();
  return useSyncExternalStore(runs.watch, runs.last);
}
