import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import type { SchemaFacts } from '../graphql/developers.ts';
import { subgraphColour, takesInWords } from '../schema-facts/field-words.ts';
import { nodeWidth } from './layout.ts';
import type { FieldRow, TypeNode } from './schema-graph.ts';

export type TypeCardNode = Node<{ node: TypeNode; facts: SchemaFacts | null }, 'type'>;

/** A type with its fields, each with a dot in the colour of every subgraph that answers it. */
export function TypeCard({ data: { node, facts } }: NodeProps<TypeCardNode>) {
  return (
    <article className="type-card" style={{ width: nodeWidth }}>
      <Handle type="target" position={Position.Left} />
      <h3>
        <Dots subgraphs={facts?.types[node.name]} facts={facts} />
        {node.kind === 'type' ? '' : `${node.kind} `}
        {node.name}
        <Handle id="*" type="source" position={Position.Right} />
      </h3>
      <ul>
        {node.fields.map((field) => (
          <Row key={field.name} typeName={node.name} field={field} facts={facts} />
        ))}
      </ul>
    </article>
  );
}

function Row({ typeName, field, facts }: { typeName: string; field: FieldRow; facts: SchemaFacts | null }) {
  const known = facts?.fields[`${typeName}.${field.name}`];
  return (
    <li title={known && `${known.subgraphs.join(', ')}; takes ${takesInWords(known)}`}>
      <Dots subgraphs={known?.subgraphs} facts={facts} />
      <span>{field.name}</span>
      <code>{field.type}</code>
      {field.target && <Handle id={field.name} type="source" position={Position.Right} />}
    </li>
  );
}

/** The list above the drawing says which colour is whose. */
function Dots({
  subgraphs = [],
  facts,
}: {
  subgraphs: readonly string[] | undefined;
  facts: SchemaFacts | null;
}) {
  return subgraphs.map((name) => (
    <i
      key={name}
      className="dot"
      title={name}
      data-colour={facts ? subgraphColour(name, facts) : undefined}
    />
  ));
}
