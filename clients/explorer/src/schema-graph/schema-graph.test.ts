import { describe, expect, it } from '@jest/globals';
import { buildSchema } from 'graphql';
import { placeTypes } from './layout.ts';
import { schemaGraph } from './schema-graph.ts';

const schema = buildSchema(/* GraphQL */ `
  type Query { tenant: Tenant found: [Found] }
  type Mutation { rename: Tenant }
  type Tenant { name: String services: ServiceConnection! parent: Tenant }
  type ServiceConnection { edges: [ServiceEdge!] nodes: [Service!] }
  type ServiceEdge { node: Service }
  type Service { name: String }
  union Found = Tenant | Service
`);
const graph = schemaGraph(schema, 'Query');

describe('the graph of a schema', () => {
  it('has the types that can be reached, and pages give way to their items', () => {
    expect(graph.nodes.map(({ name }) => name).toSorted()).toEqual(['Found', 'Query', 'Service', 'Tenant']);
    expect(graph.links).toContainEqual({ from: 'Tenant', field: 'services', to: 'Service' });
  });

  it('leads from a union to its members', () => {
    const members = graph.links.filter(({ from }) => from === 'Found');
    expect(members).toEqual([
      { from: 'Found', field: null, to: 'Tenant' },
      { from: 'Found', field: null, to: 'Service' },
    ]);
  });

  it('keeps what a field is written as', () => {
    const tenant = graph.nodes.find(({ name }) => name === 'Tenant');
    expect(tenant?.fields[1]).toEqual({ name: 'services', type: 'ServiceConnection!', target: 'Service' });
  });

  it('gives each type a place of its own, further right along its fields', () => {
    const places = placeTypes(graph);
    expect(new Set([...places.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(4);
    expect(places.get('Service')?.x).toBeGreaterThan(places.get('Query')?.x ?? Number.POSITIVE_INFINITY);
  });
});
