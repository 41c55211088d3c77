// Who sees what through `_entities`, the door that every gateway may enter for every type with a key.
import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testViewer } from '@supergraph/chassis/testing';
import { anonymous, type Viewer } from '@supergraph/chassis/viewer';
import {
  getNamedType,
  isLeafType,
  isObjectType,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
} from 'graphql';
import { type Copy, operatorOf, type TestPlatform, testPlatform } from './testing/platform.ts';

const sdl = parse(readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8'));
const schema = buildSubgraphSchema(sdl);
const entityTypes = sdl.definitions
  .filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  // Of those that are not resolvable it only says the id, and is entered by none.
  .filter(({ directives }) =>
    directives?.some(
      (directive) => print(directive).startsWith('@key') && !print(directive).includes('resolvable: false'),
    ),
  )
  .map(({ name }) => name.value);

/** Every field of every type with a key, with the selection that shows whether it is answered. */
const fields = entityTypes.flatMap((typeName) => {
  const type = schema.getType(typeName);
  if (!isObjectType(type)) throw new Error(`${typeName} is no object type.`);
  return Object.values(type.getFields()).map((field) => ({
    typeName,
    coordinate: `${typeName}.${field.name}`,
    selection: isLeafType(getNamedType(field.type)) ? field.name : `${field.name} { __typename }`,
  }));
});

let platform: TestPlatform;
let copy: Copy;
const ids: Record<string, string> = { Tenant: 'ten_a' };
beforeAll(async () => {
  platform = await testPlatform([], { TENANT_TARGET_NETWORKS: '["127.0.0.1/32"]' });
  copy = await platform.start();
  const made = async (query: string, variables: object) =>
    (await platform.execute(copy, { query, variables, viewer: operatorOf('ten_a') })).data;
  const { createService } = await made(
    'mutation { createService(input: { name: "Secret" }) { service { id } } }',
    {},
  );
  ids.Service = createService.service.id;
  const input = { serviceId: ids.Service, name: 'Secret', kind: 'TCP', target: 'tcp://127.0.0.1:9' };
  const { createCheck } = await made(
    'mutation ($input: CreateCheckInput!) { createCheck(input: $input) { check { id } } }',
    { input },
  );
  ids.Check = createCheck.check.id;
});
afterAll(() => platform.stop());

/** The fields that this viewer is answered; of all others it must hear an error and see nothing. */
async function answered(viewer: Viewer): Promise<string[]> {
  const open: string[] = [];
  for (const { typeName, coordinate, selection } of fields) {
    const { data, errors } = await platform.execute(copy, {
      query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${typeName} { ${selection} } } }`,
      variables: { representations: [{ __typename: typeName, id: ids[typeName] }] },
      viewer,
    });
    if (errors === undefined) {
      expect(data._entities).toEqual([expect.any(Object)]);
      open.push(coordinate);
      continue;
    }
    expect(errors[0]?.extensions?.code).toBe(viewer.isAnonymous ? 'UNAUTHENTICATED' : 'FORBIDDEN');
    const [entity] = data._entities;
    expect({ coordinate, values: Object.values(entity ?? {}).filter((value) => value !== null) }).toEqual({
      coordinate,
      values: [],
    });
  }
  return open;
}

const ofType = (typeName: string) =>
  fields.filter((field) => field.typeName === typeName).map(({ coordinate }) => coordinate);

describe('the types that have a key', () => {
  it('are the ones that this test enters', () => {
    expect(entityTypes.sort()).toEqual(Object.keys(ids).sort());
    expect(fields.length).toBeGreaterThan(20);
  });

  it('show an operator every field', async () => {
    expect(await answered(operatorOf('ten_a'))).toEqual(fields.map(({ coordinate }) => coordinate));
  });

  it('show the lowest role of the tenant nothing but the id by which it asked', async () => {
    expect(await answered(testViewer({ tenantId: 'ten_a' }))).toEqual(['Tenant.id']);
  });

  it('show who may read services no check', async () => {
    const open = await answered(testViewer({ tenantId: 'ten_a', permissions: ['service:read'] }));
    const services = ofType('Service').filter((coordinate) => coordinate !== 'Service.checks');
    expect(open.sort()).toEqual([...services, ...ofType('Tenant')].sort());
  });

  it('show who may only change things nothing of what they are', async () => {
    const writer = testViewer({ tenantId: 'ten_a', permissions: ['service:write', 'check:write'] });
    expect(await answered(writer)).toEqual(['Tenant.id']);
  });

  it('show who may read one service that one alone, and who may read its checks these', async () => {
    const of = (...permissions: string[]) => testViewer({ tenantId: 'ten_a', permissions });
    const services = ofType('Service').filter((coordinate) => coordinate !== 'Service.checks');
    expect(await answered(of(`service:read@${ids.Service}`))).toEqual(
      expect.arrayContaining([...services, 'Tenant.services']),
    );
    expect(await answered(of('service:read@svc_other', 'check:read@chk_other'))).toEqual([
      ...['Tenant.id', 'Tenant.services'],
    ]);
    const checks = ofType('Check').filter((coordinate) => coordinate !== 'Check.service');
    for (const where of [ids.Check, ids.Service])
      expect(await answered(of(`check:read@${where}`))).toEqual(expect.arrayContaining(checks));
  });

  it('show nobody who is not signed in anything', async () => {
    // A reference to a tenant is nobody's own, so it is answered with null before a field could be denied.
    const { data } = await platform.execute(copy, {
      query:
        'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Tenant { id } } }',
      variables: { representations: [{ __typename: 'Tenant', id: 'ten_a' }] },
      viewer: anonymous,
    });
    expect(data._entities).toEqual([null]);
    for (const typeName of ['Service', 'Check']) {
      const { data: entity, errors } = await platform.execute(copy, {
        query: `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on ${typeName} { name } } }`,
        variables: { representations: [{ __typename: typeName, id: ids[typeName] }] },
        viewer: anonymous,
      });
      expect(entity._entities).toEqual([null]);
      expect(errors).toHaveLength(1);
    }
  });
});

describe('a permission on one service or check', () => {
  let other: { service: string; check: string };
  beforeAll(async () => {
    const ask = async (query: string, variables = {}) =>
      (await platform.execute(copy, { query, variables, viewer: operatorOf('ten_a') })).data;
    const { createService } = await ask(
      'mutation { createService(input: { name: "Other" }) { service { id } } }',
    );
    const serviceId: string = createService.service.id;
    const input = { serviceId, name: 'Other', kind: 'TCP', target: 'tcp://127.0.0.1:9' };
    const { createCheck } = await ask(
      'mutation ($input: CreateCheckInput!) { createCheck(input: $input) { check { id } } }',
      { input },
    );
    other = { service: serviceId, check: createCheck.check.id };
  });

  const as = (permissions: readonly string[]) => ({
    async ask(query: string) {
      const { data, errors = [] } = await platform.execute(copy, {
        query,
        viewer: testViewer({ tenantId: 'ten_a', permissions: [...permissions] }),
      });
      return { data, codes: errors.map(({ extensions }) => extensions?.code) };
    },
  });

  it('lists the services that one may read, and counts no others', async () => {
    const services = '{ services(first: 1) { nodes { id } pageInfo { hasNextPage } } }';
    const { data } = await as([`service:read@${other.service}`, 'check:read@x']).ask(services);
    expect(data.services).toEqual({ nodes: [{ id: other.service }], pageInfo: { hasNextPage: false } });
    expect((await as([`check:read@${other.service}`]).ask(services)).codes).toEqual(['FORBIDDEN']);
  });

  it('lets its holder work on that one and what lies in it, and on nothing else', async () => {
    const pause = (id: string | undefined) =>
      `mutation { pauseCheck(input: { id: "${id}" }) { check { isPaused } errors { message } } }`;
    for (const where of [other.check, other.service]) {
      const operator = as([`check:read@${where}`, `check:write@${where}`]);
      expect(await operator.ask(pause(other.check))).toEqual({
        ...{ data: { pauseCheck: { check: { isPaused: true }, errors: [] } }, codes: [] },
      });
      expect((await operator.ask(`{ check(id: "${other.check}") { name } }`)).data.check).toEqual({
        name: 'Other',
      });
      for (const id of [ids.Check, 'chk_none', '']) {
        expect((await operator.ask(pause(id))).codes).toEqual(['FORBIDDEN']);
        expect(await operator.ask(`{ check(id: "${id}") { name } }`)).toEqual({
          ...{ data: { check: null }, codes: ['FORBIDDEN'] },
        });
      }
    }
    const { data } = await as(['check:read']).ask(`{ check(id: "${ids.Check}") { isPaused } }`);
    expect(data.check.isPaused).toBe(false);
  });

  it('makes checks of that service, and of no other', async () => {
    const create = (serviceId: string | undefined) =>
      `mutation { createCheck(input: { serviceId: "${serviceId}", name: "More", kind: TCP, target: "tcp://127.0.0.1:9" }) { check { id serviceId } } }`;
    const operator = as([`check:read@${other.service}`, `check:write@${other.service}`]);
    expect((await operator.ask(create(other.service))).data.createCheck.check.serviceId).toBe(other.service);
    expect((await operator.ask(create(ids.Service))).codes).toEqual(['FORBIDDEN']);
    const ofCheck = as([`check:write@${other.check}`]);
    expect((await ofCheck.ask(create(other.service))).codes).toEqual(['FORBIDDEN']);
  });

  it('is good in its own tenant alone', async () => {
    const { data, errors } = await platform.execute(copy, {
      query: `{ service(id: "${other.service}") { id } services { nodes { id } } }`,
      viewer: testViewer({ tenantId: 'ten_b', permissions: [`service:read@${other.service}`] }),
    });
    expect({ data, errors }).toEqual({ data: { service: null, services: { nodes: [] } } });
  });
});
