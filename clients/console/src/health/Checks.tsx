import { Badge } from '../design/Badge.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Section } from '../design/Section.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { useMay } from '../shell/viewer.ts';
import { AddCheck, CheckActions } from './CheckDialogs.tsx';
import { Heartbeats } from './Heartbeats.tsx';
import { LatencyChart } from './LatencyChart.tsx';
import { statusNow, toneOf, withRuns } from './rules.ts';
import {
  CheckRunsDocument,
  ServiceChecksDocument,
  type ServiceChecksQuery,
  type StoryEventFragment,
} from './service.generated.ts';

type CheckOfService = NonNullable<NonNullable<ServiceChecksQuery['service']>['checks']>[number];

/** What each check of a service found lately, run by run as they end. */
export function Checks({ serviceId, events }: { serviceId: string; events: readonly StoryEventFragment[] }) {
  const { health: text } = useText();
  const view = useLive({
    present: ServiceChecksDocument,
    asked: { id: serviceId },
    changes: CheckRunsDocument,
    followed: { id: serviceId },
    state: ([page]) => (page?.service?.checks ?? []).map((check) => withResults(check, [])),
    apply: (checks, ended) =>
      checks.map((check) => {
        const own = ended.flat().filter(({ checkId }) => checkId === check.id);
        return own.length === 0
          ? check
          : withResults(
              check,
              own.map(({ result }) => result),
            );
      }),
  });
  const may = useMay();
  return (
    <Section title={text.checks}>
      {may('check:write') && <AddCheck serviceId={serviceId} onDone={view.again} />}
      <Live view={view}>
        {(checks) =>
          checks.length === 0 ? (
            <EmptyState>{text.noChecks}</EmptyState>
          ) : (
            checks.map((check) => (
              <CheckPanel key={check.id} check={check} events={events} onChange={view.again} />
            ))
          )
        }
      </Live>
    </Section>
  );
}

function withResults(check: CheckOfService, ended: CheckOfService['results']['nodes']): CheckOfService {
  return { ...check, results: { nodes: withRuns(check.results.nodes, ended) } };
}

interface CheckPanelProps {
  check: CheckOfService;
  events: readonly StoryEventFragment[];
  onChange: () => void;
}

function CheckPanel({ check, events, onChange }: CheckPanelProps) {
  const { health: text } = useText();
  const may = useMay();
  const status = statusNow(check, events);
  const runs = check.results.nodes;
  const last = runs.at(-1);
  return (
    <section className="panel" aria-label={check.name}>
      <div className="page-header">
        <h3>{check.name}</h3>
        {check.isPaused ? (
          <Badge>{text.paused}</Badge>
        ) : (
          <Badge tone={toneOf(status)}>{wordFor(text.statuses, status)}</Badge>
        )}
        {last?.isDegraded && <Badge tone="warn">{text.degraded}</Badge>}
      </div>
      {may('check:write') && (check.target !== null || check.kind === 'HEARTBEAT') && (
        <CheckActions check={check} onDone={onChange} />
      )}
      <p className="quiet">
        {check.kind} {check.target && <code>{check.target}</code>}
      </p>
      {runs.length === 0 ? (
        <p className="quiet">{text.noRuns}</p>
      ) : (
        <>
          <Heartbeats runs={runs} />
          <LatencyChart runs={runs} />
          {last?.message && <p className={last.isSuccess ? 'quiet' : 'faulty'}>{last.message}</p>}
        </>
      )}
    </section>
  );
}
