import './schema-graph.css';
import { pick, useGraphiQL } from '@graphiql/react';
import { lazy, Suspense } from 'react';
import { useInspection } from '../inspection/context.ts';

// The drawing weighs 70 kB gzipped and few open it.
const GraphCanvas = lazy(() => import('./GraphCanvas.tsx'));

/** The schema's types and how they lead to each other, in the colours of the subgraphs. */
export function GraphPanel() {
  const { schema, fetchError } = useGraphiQL(pick('schema', 'fetchError'));
  const { facts, factsFailure } = useInspection().current;
  if (!schema) {
    const said = fetchError ? `The schema could not be read. ${factsFailure ?? ''}` : 'Reading the schema…';
    return (
      <section aria-label="Schema graph">
        <p className="empty">{said}</p>
      </section>
    );
  }
  return (
    <section className="schema-graph" aria-label="Schema graph">
      <Suspense fallback={<p className="empty">Drawing…</p>}>
        <GraphCanvas schema={schema} facts={facts} />
      </Suspense>
    </section>
  );
}
