import type { PlanNode, PlannedFetch, SchemaFacts } from '../graphql/developers.ts';
import { SubgraphName } from '../schema-facts/SubgraphName.tsx';
import { inMilliseconds, type Timings } from './timings.ts';

interface PlanTreeProps {
  node: PlanNode;
  facts: SchemaFacts | null;
  timings: Timings | null;
}

/** One step of a plan with all that belongs to it. */
export function PlanTree({ node, ...rest }: PlanTreeProps) {
  switch (node.kind) {
    case 'Fetch':
      return <FetchStep node={node} {...rest} />;
    case 'Sequence':
      return <Steps title="One after the other" kind="Sequence" nodes={node.nodes} {...rest} />;
    case 'Parallel':
      return <Steps title="At the same time" kind="Parallel" nodes={node.nodes} {...rest} />;
    case 'Flatten':
      return (
        <div className="step" data-kind="Flatten">
          <p className="step-title">
            at <code>{node.path}</code>
          </p>
          <PlanTree node={node.node} {...rest} />
        </div>
      );
    case 'Condition':
      return (
        <div className="step" data-kind="Condition">
          <Branch title={`if $${node.variable}`} node={node.ifTrue} {...rest} />
          <Branch title={`unless $${node.variable}`} node={node.ifFalse} {...rest} />
        </div>
      );
    case 'Subscription':
      return (
        <div className="step" data-kind="Subscription">
          <Branch title="Opens the stream" node={node.primary} {...rest} />
          <Branch title="For each event" node={node.rest} {...rest} />
        </div>
      );
    case 'Defer':
      return (
        <div className="step" data-kind="Defer">
          <Branch title="First" node={node.primary} {...rest} />
          {node.deferred.map(({ label, path, node: deferred }) => (
            <Branch key={`${path} ${label}`} title={`later: ${label ?? path}`} node={deferred} {...rest} />
          ))}
        </div>
      );
  }
}

type Shown = Omit<PlanTreeProps, 'node'>;

function Steps(props: Shown & { title: string; kind: string; nodes: readonly PlanNode[] }) {
  const { title, kind, nodes, ...rest } = props;
  const List = kind === 'Sequence' ? 'ol' : 'ul';
  return (
    <div className="step" data-kind={kind}>
      <p className="step-title">{title}</p>
      <List>
        {nodes.map((node, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a plan's steps have no other name than their place
          <li key={place}>
            <PlanTree node={node} {...rest} />
          </li>
        ))}
      </List>
    </div>
  );
}

function Branch({ title, node, ...rest }: Shown & { title: string; node: PlanNode | null }) {
  if (node === null) return null;
  return (
    <>
      <p className="step-title">{title}</p>
      <PlanTree node={node} {...rest} />
    </>
  );
}

function FetchStep({ node, facts, timings }: Shown & { node: PlannedFetch }) {
  const { index, subgraph, operation, requires, variables } = node;
  const durationMs = timings?.fetches.get(index);
  return (
    <details className="fetch" open>
      <summary>
        ask <SubgraphName name={subgraph} facts={facts} />
        {variables.map((name) => (
          <code key={name}>${name}</code>
        ))}
        {timings && (
          <span className="duration">
            {durationMs === undefined ? 'did not run' : inMilliseconds(durationMs)}
          </span>
        )}
      </summary>
      {requires !== null && (
        <>
          <p className="step-title">for entities known by</p>
          <pre>{requires}</pre>
        </>
      )}
      <pre>{operation ?? 'Only what the public schema does not have.'}</pre>
    </details>
  );
}
