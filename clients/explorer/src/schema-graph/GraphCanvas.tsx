import '@xyflow/react/dist/base.css';
import { Background, Controls, type Edge, ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import type { GraphQLSchema } from 'graphql';
import { useEffect, useMemo, useState } from 'react';
import type { SchemaFacts } from '../graphql/developers.ts';
import { SubgraphName } from '../schema-facts/SubgraphName.tsx';
import { placeTypes } from './layout.ts';
import { type SchemaGraph, schemaGraph } from './schema-graph.ts';
import { TypeCard, type TypeCardNode } from './TypeCard.tsx';

interface GraphCanvasProps {
  schema: GraphQLSchema;
  facts: SchemaFacts | null;
}

const nodeTypes = { type: TypeCard };

export default function GraphCanvas(props: GraphCanvasProps) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ schema, facts }: GraphCanvasProps) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].flatMap(
    (type) => type?.name ?? [],
  );
  const [root, setRoot] = useState(roots[0] ?? '');
  const [selected, setSelected] = useState('');
  const graph = useMemo(() => schemaGraph(schema, root), [schema, root]);
  const nodes = useMemo(() => cardsOf(graph, facts), [graph, facts]);
  const edges = useMemo(() => edgesOf(graph, selected), [graph, selected]);
  const flow = useReactFlow();
  useEffect(() => {
    // After new cards have been measured.
    const frame = requestAnimationFrame(() => {
      void flow.fitView({ nodes: near(graph, selected), padding: 0.1, maxZoom: 1, duration: 200 });
    });
    return () => cancelAnimationFrame(frame);
  }, [flow, graph, selected]);
  return (
    <>
      <header>
        <h2>Schema graph</h2>
        <label>
          from{' '}
          <select
            aria-label="Start at"
            value={root}
            onChange={({ target }) => {
              setSelected('');
              setRoot(target.value);
            }}
          >
            {roots.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          show{' '}
          <select aria-label="Type" value={selected} onChange={({ target }) => setSelected(target.value)}>
            <option value="">all</option>
            {graph.nodes
              .map(({ name }) => name)
              .sort()
              .map((name) => (
                <option key={name}>{name}</option>
              ))}
          </select>
        </label>
        <ul aria-label="Subgraphs">
          {facts?.subgraphs.map((name) => (
            <li key={name}>
              <SubgraphName name={name} facts={facts} />
            </li>
          ))}
        </ul>
      </header>
      <div className="canvas">
        <ReactFlow
          defaultNodes={nodes}
          key={root}
          edges={edges}
          nodeTypes={nodeTypes}
          onNodeClick={(_, { id }) => setSelected(id)}
          onPaneClick={() => setSelected('')}
          nodesConnectable={false}
          edgesFocusable={false}
          minZoom={0.1}
          fitView
        >
          <Background />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
    </>
  );
}

/** The type and all that it leads to or that lead to it; everything where none is selected. */
function near({ nodes, links }: SchemaGraph, selected: string): { id: string }[] {
  if (selected === '') return nodes.map(({ name }) => ({ id: name }));
  const linked = links.filter(({ from, to }) => from === selected || to === selected);
  const names = new Set([selected, ...linked.flatMap(({ from, to }) => [from, to])]);
  return [...names].map((id) => ({ id }));
}

function cardsOf(graph: SchemaGraph, facts: SchemaFacts | null): TypeCardNode[] {
  const places = placeTypes(graph);
  return graph.nodes.map((node) => ({
    id: node.name,
    type: 'type',
    position: places.get(node.name) ?? { x: 0, y: 0 },
    ariaLabel: `${node.kind} ${node.name}`,
    data: { node, facts },
  }));
}

function edgesOf({ links }: SchemaGraph, selected: string): Edge[] {
  return links.map(({ from, field, to }) => {
    const isNear = selected === '' || from === selected || to === selected;
    return {
      id: `${from}.${field ?? '*'}>${to}`,
      source: from,
      sourceHandle: field ?? '*',
      target: to,
      className: `${isNear ? 'near' : 'far'} ${field === null ? 'possible' : 'field'}`,
      focusable: false,
    };
  });
}
