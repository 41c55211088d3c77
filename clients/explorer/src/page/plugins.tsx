// The panels that the sidebar opens beside GraphiQL's own documentation.
import { HISTORY_PLUGIN } from '@graphiql/plugin-history';
import type { GraphiQLPlugin } from '@graphiql/react';
import { PlanPanel } from '../plan/PlanPanel.tsx';
import { GraphPanel } from '../schema-graph/GraphPanel.tsx';

/** In the order of the sidebar. */
export const plugins: GraphiQLPlugin[] = [
  HISTORY_PLUGIN,
  { title: 'Query plan', icon: PlanIcon, content: PlanPanel },
  { title: 'Schema graph', icon: GraphIcon, content: GraphPanel },
];

function PlanIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <path d="M5 4v14a2 2 0 0 0 2 2h3M5 8h5M5 14h5" />
      <rect x="11" y="5" width="9" height="5" rx="1" />
      <rect x="11" y="12" width="9" height="4" rx="1" />
      <rect x="11" y="18" width="9" height="4" rx="1" />
    </svg>
  );
}

function GraphIcon() {
  return (
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.6" aria-hidden="true">
      <circle cx="5" cy="12" r="2.5" />
      <circle cx="18" cy="5" r="2.5" />
      <circle cx="18" cy="19" r="2.5" />
      <path d="m7.3 11 8.3-4.7M7.3 13l8.3 4.7M18 7.5v9" />
    </svg>
  );
}
