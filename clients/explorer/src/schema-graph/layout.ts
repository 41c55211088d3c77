// Where each type of the graph stands on the plane: from left to right along the fields.
import { graphlib, layout } from '@dagrejs/dagre';
import type { SchemaGraph } from './schema-graph.ts';

export interface Place {
  x: number;
  y: number;
}

export const nodeWidth = 260;
const headerHeight = 34;
const rowHeight = 24;

/** Type name → its upper left corner, in CSS pixels. */
export function placeTypes({ nodes, links }: SchemaGraph): ReadonlyMap<string, Place> {
  const graph = new graphlib.Graph();
  graph.setGraph({ rankdir: 'LR', ranksep: 120, nodesep: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { name, fields } of nodes)
    graph.setNode(name, { width: nodeWidth, height: headerHeight + rowHeight * fields.length });
  // How many fields lead there, and those that lead back to the same type, don't matter for the places.
  for (const { from, to } of links) if (from !== to) graph.setEdge(from, to);
  layout(graph);
  return new Map(
    nodes.map(({ name }) => {
      const { x = 0, y = 0, width, height } = graph.node(name);
      return [name, { x: x - width / 2, y: y - height / 2 }];
    }),
  );
}
