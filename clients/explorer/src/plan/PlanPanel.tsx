import './plan.css';
import { pick, useGraphiQL } from '@graphiql/react';
import type { DeniedField } from '../graphql/developers.ts';
import { useInspection, useLastRun } from '../inspection/context.ts';
import { PlanTree } from './PlanTree.tsx';
import { inMilliseconds, type Timings } from './timings.ts';

/** How the operation in the editor is served, and how long each part of its last run took. */
export function PlanPanel() {
  const { current, repeat } = useInspection();
  const { operation, report, failure, facts, factsFailure, isWaiting } = current;
  const run = useLastRun();
  const isOfRun = run?.query === operation?.query && run?.operationName === operation?.operationName;
  const timings = isOfRun ? (run?.timings ?? null) : null;
  return (
    <section className="plan" aria-label="Query plan" aria-busy={isWaiting}>
      <header>
        <h2>Query plan</h2>
        <button type="button" onClick={() => void repeat()} disabled={!operation}>
          Plan again
        </button>
      </header>
      {failure !== null && (
        <p className="empty" role="status">
          {failure} {factsFailure}
        </p>
      )}
      {failure === null && report === null && <p className="empty">Planning…</p>}
      {report && (
        <>
          <p className="summary">
            {report.operation.type} <strong>{report.operation.name ?? 'without a name'}</strong>, costs at
            most <strong>{report.cost.estimated.toLocaleString()}</strong> of{' '}
            {report.cost.maximum.toLocaleString()}.
            {timings === null && ' Run it to see how long each part takes.'}
          </p>
          {timings && <TimingList timings={timings} />}
          <DeniedList denied={report.denied} />
          {report.plan ? (
            <PlanTree node={report.plan} facts={facts} timings={timings} />
          ) : (
            <p className="empty">No subgraph is asked.</p>
          )}
        </>
      )}
    </section>
  );
}

function TimingList({ timings }: { timings: Timings }) {
  const { steps, totalMs } = timings;
  return (
    <dl className="timings" aria-label="Timings of the last run">
      {[...steps, ...(totalMs === null ? [] : [['total', totalMs] as const])].map(([name, durationMs]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{inMilliseconds(durationMs)}</dd>
        </div>
      ))}
    </dl>
  );
}

function DeniedList({ denied }: { denied: readonly DeniedField[] }) {
  const { queryEditor } = useGraphiQL(pick('queryEditor'));
  if (denied.length === 0) return null;
  const goTo = ({ line, column }: DeniedField) => {
    queryEditor?.setPosition({ lineNumber: line, column });
    queryEditor?.revealLineInCenterIfOutsideViewport(line);
    queryEditor?.focus();
  };
  return (
    <section className="denials" aria-label="Denied to you">
      <h3>Denied to you, and not planned</h3>
      <ul>
        {denied.map((field) => (
          <li key={`${field.coordinate} ${field.line}:${field.column}`}>
            <button type="button" onClick={() => goTo(field)}>
              line {field.line}
            </button>{' '}
            {field.message}
          </li>
        ))}
      </ul>
    </section>
  );
}
