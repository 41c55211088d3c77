// The permissions of the composed supergraph as a whole; who sees which field is in matrix.cases.ts.

import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { execute, testViewer } from '@supergraph/chassis/testing';
import type { Viewer } from '@supergraph/chassis/viewer';
import {
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
} from 'graphql';
import { defaultRoles } from '../../../subgraphs/arthemiz/src/roles/rules.ts';
import { loadSupergraph, type Supergraph } from '../execution/supergraph.ts';
import { type Platform, type SubgraphName, supergraphFile } from '../testing/platform.ts';
import { sharedPlatform } from '../testing/shared-platform.ts';

const sdl = readFileSync(supergraphFile, 'utf8');
const document = parse(sdl);
const supergraph = loadSupergraph(sdl);
const fields = objectTypes(supergraph).flatMap((type) =>
  Object.keys(type.getFields()).map((fieldName) => ({ typeName: type.name, fieldName })),
);

let platform: Platform;
beforeAll(async () => {
  platform = await sharedPlatform();
});

describe('the public schema', () => {
  it('has no field that nobody marked', () => {
    const everything = testViewer({ permissions: allPermissions() });
    const denied = fields.filter((field) => supergraph.policy.decide(everything, field) !== 'allowed');
    expect(denied).toEqual([]);
  });

  it("has none of the entrances that subgraphs keep for the gateway, nor federation's own types", async () => {
    const token = await platform.token({ permissions: ['schema:read'] });
    const { data } = await platform.query('{ __schema { types { name } } }', { token });
    const names = (data.__schema.types as Array<{ name: string }>).map(({ name }) => name);
    expect(names.filter((name) => /^_[^_]|^join__|^link__/.test(name))).toEqual([]);
    for (const query of ['{ _service { sdl } }', '{ _entities(representations: []) { __typename } }']) {
      const { errors } = await platform.query(query, { token });
      expect(errors).toMatchObject([{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]);
    }
  });
});

describe('a default role', () => {
  it('sees no less than the one below it', () => {
    const [owner, operator, viewer] = ['owner', 'operator', 'viewer'].map((name) =>
      testViewer({ permissions: defaultRoles.find((role) => role.name === name)?.permissions ?? [] }),
    );
    const seenBy = (who: Viewer | undefined) =>
      fields.filter((field) => who && supergraph.policy.decide(who, field) === 'allowed').length;
    expect(seenBy(owner)).toBeGreaterThanOrEqual(seenBy(operator));
    expect(seenBy(operator)).toBeGreaterThan(seenBy(viewer));
  });
});

describe('an entity entered by its key, past the gateway', () => {
  const entrances = entityEntrances();

  it('is found for every subgraph', () => {
    expect(new Set(entrances.map(({ subgraph }) => subgraph))).toEqual(new Set(supergraph.subgraphNames));
  });

  it.each(entrances)('$subgraph: $typeName shows nothing that takes a permission', async (entrance) => {
    const { subgraph, typeName, key } = entrance;
    const { _id: tenantId } = await platform.tenant();
    const watched = await platform.health.service(tenantId);
    const ids: Record<string, string> = {
      Tenant: tenantId,
      Service: watched.serviceId,
      Check: watched.checkId,
    };
    const type = supergraph.schema.getType(typeName);
    if (!isObjectType(type)) throw new Error(`${typeName} is no object type`);
    const viewer = testViewer({ tenantId });
    const own = fieldsOf(subgraph, type).filter((name) => name !== key);
    for (const fieldName of own) {
      if (supergraph.policy.decide(viewer, { typeName, fieldName }) === 'allowed') continue;
      const below = isCompositeType(getNamedType(type.getFields()[fieldName]?.type)) ? ' { __typename }' : '';
      const { data, errors = [] } = await execute({
        url: platform.subgraphs[subgraph].url,
        environment: platform.environment,
        audience: subgraph,
        viewer,
        query: `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typeName} { ${fieldName}${below} } } }`,
        variables: { of: [{ __typename: typeName, [key]: ids[typeName] ?? 'none' }] },
      });
      const shown = data?._entities?.[0]?.[fieldName] ?? null;
      expect({ typeName, fieldName, shown }).toEqual({ typeName, fieldName, shown: null });
      if (ids[typeName] !== undefined) expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    }
  });

  /** Fields of the type that the subgraph itself resolves, as its SDL in the supergraph says. */
  function fieldsOf(subgraph: SubgraphName, type: GraphQLObjectType): string[] {
    const definition = supergraph.supergraphSchema.getType(type.name);
    if (!isObjectType(definition)) return [];
    return Object.values(definition.getFields())
      .filter(({ astNode }) => {
        const joined = astNode?.directives?.filter(({ name }) => name.value === 'join__field') ?? [];
        return joined.length === 0 || joined.some((directive) => graphOf(directive) === subgraph);
      })
      .map(({ name }) => name);
  }
});

function objectTypes({ schema }: Supergraph): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'));
}

/** Every permission that the SDL names. */
function allPermissions(): string[] {
  return [...sdl.matchAll(/@policy\(policies: (\[\[.*?\]\])\)/g)].flatMap(
    ([, lists]) => JSON.parse(lists ?? '[]').flat() as string[],
  );
}

/** Each type that can be entered by a key, at each subgraph that resolves it. */
function entityEntrances() {
  return document.definitions
    .filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
    .flatMap((node) =>
      (node.directives ?? [])
        .filter(({ name }) => name.value === 'join__type')
        .flatMap((directive) => {
          const given = (name: string) =>
            directive.arguments?.find((each) => each.name.value === name)?.value;
          const key = given('key');
          const resolvable = given('resolvable');
          const isClosed = resolvable?.kind === Kind.BOOLEAN && !resolvable.value;
          return key?.kind === Kind.STRING && !isClosed
            ? [{ typeName: node.name.value, key: key.value, subgraph: graphOf(directive) }]
            : [];
        }),
    );
}

function graphOf(directive: {
  arguments?: readonly { name: { value: string }; value: unknown }[];
}): SubgraphName {
  const graph = directive.arguments?.find(({ name }) => name.value === 'graph')?.value as { value: string };
  return graph.value.toLowerCase() as SubgraphName; // the enumeration holds the subgraphs' names
}
