// Documents that are asked for by a name, over all transports, and those that nobody registered.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@supergraph/chassis/testing';
import { openRawSocket } from '../testing/live-client.ts';
import { type Platform, startPlatform, supergraphFile } from '../testing/platform.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const who = 'query Who { viewer { id } }';
const kind = 'query Kind { __typename }';
const explorers = 'query Explorers { kind: __typename }';
const changes = 'subscription Changes { healthChanged { status } }';
const rename = 'mutation Rename { renameTenant(input: { name: "New" }) { tenant { name } } }';
/** A document that nobody has sent yet. */
const unheard = () => `query Q { q${randomBytes(6).toString('hex')}: __typename }`;

let platform: Platform;
let folder: string;
let person: string;
let developer: string;
let service: string;
let required: { url: string };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trusted-'));
  await mkdir(join(folder, 'explorer'));
  const operations = [who, kind, changes, rename].map((body) => ({
    id: sha256(body),
    name: /(\w+) \{/.exec(body)?.[1],
    type: 'query',
    body,
  }));
  const manifest = { format: 'apollo-persisted-query-manifest', version: 1, operations };
  await writeFile(join(folder, 'all.json'), JSON.stringify(manifest));
  await writeFile(join(folder, 'explorer', 'own.json'), JSON.stringify({ explorers }));
  platform = await startPlatform();
  const { _id: tenantId } = await platform.tenant();
  const permissions = ['service:read', 'tenant:update', 'tenant:read'];
  person = await platform.token({ tenantId, permissions });
  developer = await platform.token({ tenantId, permissions: [...permissions, 'schema:read'] });
  service = await platform.token({ tenantId, permissions, subject: 'explorer' });
  required = await platform.startGateway(
    { TRUSTED_DOCUMENTS: 'required', TRUSTED_DOCUMENTS_PATH: folder },
    { trustedDocuments: { lookEveryMs: 20 } },
  );
});
afterAll(async () => {
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

interface Sent {
  token?: string | null;
  at?: { url: string };
  headers?: Record<string, string>;
}

async function post(body: object, { token = person, at = required, headers = {} }: Sent = {}) {
  const response = await fetch(`${at.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
  return read(response);
}

async function get(parameters: Record<string, string>, { token = person, at = required }: Sent = {}) {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return read(await fetch(`${at.url}/graphql?${new URLSearchParams(parameters)}`, { headers }));
}

async function read(response: Response) {
  const body = (await response.json()) as {
    data?: unknown;
    errors?: Array<{ message: string; extensions: { code: string } }>;
  };
  const [error] = body.errors ?? [];
  return { status: response.status, data: body.data, code: error?.extensions.code, message: error?.message };
}

const apollo = (query: string | undefined, hash: string) => ({
  ...(query === undefined ? {} : { query }),
  extensions: { persistedQuery: { version: 1, sha256Hash: hash } },
});

describe('a registered document', () => {
  it('is run by its id, by its SHA-256, and by its very text', async () => {
    const data = { viewer: { id: 'per_test' } };
    for (const documentId of [sha256(who), `sha256:${sha256(who)}`]) {
      expect(await post({ documentId })).toMatchObject({ status: 200, data });
      expect(await get({ documentId })).toMatchObject({ status: 200, data });
    }
    expect(await post(apollo(undefined, sha256(who)))).toMatchObject({ data });
    expect(await post({ query: who })).toMatchObject({ data });
    expect(await post({ documentId: sha256(kind) }, { token: null })).toMatchObject({
      data: { __typename: 'Query' },
    });
  });

  it('is refused while the supergraph does not accept it, runs otherwise, and operators are told', async () => {
    const own = await mkdtemp(join(tmpdir(), 'supergraph-'));
    const [file, manifest] = [join(own, 'supergraph.graphql'), join(own, 'manifest.json')];
    const slug = 'query Slug { tenant { slug } }';
    const shortName = 'query ShortName { tenant { shortName } }';
    const original = await readFile(supergraphFile, 'utf8');
    const ofTenant = '@join__field(graph: ARTHEMIZ)';
    const renamed = original.replace(`slug: String ${ofTenant}`, `shortName: String ${ofTenant}`);
    const register = (documents: object) => writeFile(manifest, JSON.stringify(documents));
    const start = () =>
      platform.startGateway(
        { SUPERGRAPH_FILE: file, TRUSTED_DOCUMENTS: 'required', TRUSTED_DOCUMENTS_PATH: manifest },
        { supergraph: { pollMs: 20 }, trustedDocuments: { lookEveryMs: 20 } },
      );
    const invalidAt = (at: { url: string }) => platform.metric(at, 'gateway_trusted_documents_invalid');
    const refused = (field: string) => ({
      code: 'GRAPHQL_VALIDATION_FAILED',
      message: `Cannot query field "${field}" on type "Tenant".`,
    });

    await writeFile(file, renamed);
    await register({ slug, kind });
    const early = await start();
    expect(await invalidAt(early)).toBe(1);
    expect(await post({ documentId: 'slug' }, { at: early })).toMatchObject(refused('slug'));
    expect(await post({ documentId: 'kind' }, { at: early })).toMatchObject({
      data: { __typename: 'Query' },
    });

    await writeFile(file, original);
    await eventually(async () => expect(await invalidAt(early)).toBe(0));
    const served = { data: { tenant: { slug: expect.any(String) } } };
    expect(await post({ documentId: 'slug' }, { at: early })).toMatchObject(served);

    await register({ slug, kind, shortName, explorers });
    await eventually(async () => expect(await invalidAt(early)).toBe(1));
    expect(await post({ documentId: 'shortName' }, { at: early })).toMatchObject(refused('shortName'));
    expect(await post({ documentId: 'explorers' }, { at: early })).toMatchObject({ data: { kind: 'Query' } });
    await writeFile(file, renamed);
    await eventually(async () =>
      expect(await post({ documentId: 'slug' }, { at: early })).toMatchObject(refused('slug')),
    );
    // No subgraph has the field under this name, but the gateway asks for it.
    expect(await post({ documentId: 'shortName' }, { at: early })).not.toMatchObject({
      code: 'GRAPHQL_VALIDATION_FAILED',
    });
    await eventually(async () => expect(await invalidAt(early)).toBe(1));
    await rm(own, { recursive: true });
  });

  it('may be one of its client alone', async () => {
    expect(await post({ documentId: 'explorers' })).toMatchObject({ data: { kind: 'Query' } });
    const other = await platform.token({ claims: { client_id: 'shop' } });
    for (const token of [other, null]) {
      expect(await post({ documentId: 'explorers' }, { token })).toMatchObject({
        code: 'DOCUMENT_NOT_TRUSTED',
      });
      expect(await post({ query: explorers }, { token })).toMatchObject({ code: 'DOCUMENT_NOT_TRUSTED' });
    }
  });

  it('is a query where it comes by GET', async () => {
    expect(await get({ documentId: sha256(rename) })).toMatchObject({ status: 405 });
    expect(await post({ documentId: sha256(rename) })).toMatchObject({
      data: { renameTenant: { tenant: { name: 'New' } } },
    });
  });

  it('comes alone', async () => {
    expect(await post({ documentId: sha256(who), query: who })).toMatchObject({
      status: 400,
      code: 'BAD_REQUEST',
    });
    for (const documentId of [7, {}, '']) expect(await post({ documentId })).toMatchObject({ status: 400 });
    expect(await post({})).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('is served as an event stream', async () => {
    const headers = {
      accept: 'text/event-stream',
      authorization: `Bearer ${person}`,
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ documentId: sha256(who) });
    const response = await fetch(`${required.url}/graphql`, { method: 'POST', headers, body });
    expect(await response.text()).toContain('data: {"data":{"viewer":{"id":"per_test"}}}');
  });
});

describe('where registered documents are required', () => {
  const refused = { status: 403, code: 'DOCUMENT_NOT_TRUSTED' };

  it('people and strangers run no others', async () => {
    for (const token of [person, null]) {
      expect(await post({ query: `${who} ` }, { token })).toMatchObject(refused);
      expect(await get({ query: '{ __typename }' }, { token })).toMatchObject(refused);
      for (const documentId of ['__proto__', 'constructor', '../all.json', 'sha256:', sha256('x')])
        expect(await post({ documentId }, { token })).toMatchObject(refused);
    }
  });

  it('nor register them as they go, nor run what others have', async () => {
    const query = unheard();
    expect(await post(apollo(query, sha256(query)))).toMatchObject(refused);
    expect(await post(apollo(query, sha256(query)), { token: developer })).toMatchObject({ status: 200 });
    expect(await post(apollo(undefined, sha256(query)), { token: developer })).toMatchObject({ status: 200 });
    expect(await post(apollo(undefined, sha256(query)))).toMatchObject(refused);
    expect(await post(apollo(who, sha256(kind)))).toMatchObject({ status: 400, code: 'BAD_REQUEST' });
  });

  it('developers, and clients that keep a secret, run what they like', async () => {
    for (const token of [developer, service])
      expect(await post({ query: unheard() }, { token })).toMatchObject({ status: 200, code: undefined });
    const introspection = await post({ query: '{ __schema { queryType { name } } }' }, { token: developer });
    expect(introspection).toMatchObject({ data: { __schema: { queryType: { name: 'Query' } } } });
  });

  it('the same holds over WebSocket', async () => {
    const raw = await openRawSocket(required.url, { headers: { authorization: `Bearer ${person}` } });
    const subscribe = (id: string, payload: object) => raw.send({ id, type: 'subscribe', payload });
    raw.send({ type: 'connection_init' });
    await eventually(() => expect(raw.messages).toContainEqual({ type: 'connection_ack' }));
    subscribe('named', { documentId: sha256(who) });
    subscribe('apollo', { query: '', ...apollo(undefined, sha256(who)) });
    subscribe('text', { query: unheard() });
    subscribe('unknown', { documentId: 'unknown' });
    subscribe('none', { query: '' });
    // biome-ignore lint/suspicious/noThenProperty: a client may send what it likes
    subscribe('then', { query: who, then: 'later' });
    const answered = (id: string) => raw.messages.find((message) => message.id === id);
    await eventually(() => {
      for (const id of ['named', 'apollo', 'then'])
        expect(answered(id)).toMatchObject({ payload: { data: { viewer: { id: 'per_test' } } } });
      for (const id of ['text', 'unknown'])
        expect(answered(id)).toMatchObject({
          type: 'error',
          payload: [{ extensions: { code: refused.code } }],
        });
      expect(answered('none')).toMatchObject({
        type: 'error',
        payload: [{ extensions: { code: 'BAD_REQUEST' } }],
      });
    });
    subscribe('live', { documentId: sha256(changes) });
    subscribe('nothing', { query: undefined });
    expect((await raw.closed).code).toBe(4400);
  });

  it('a change of the files is followed, and a wrong one leaves things as they are', async () => {
    const query = unheard();
    await writeFile(join(folder, 'more.json'), JSON.stringify({ more: query }));
    await eventually(async () => expect(await post({ documentId: 'more' })).toMatchObject({ status: 200 }));
    await writeFile(join(folder, 'more.json'), '{"more": "{ nothing"}');
    await writeFile(join(folder, 'later.json'), JSON.stringify({ later: unheard() }));
    expect(await post({ documentId: 'more' })).toMatchObject({ status: 200 });
    await rm(join(folder, 'more.json'));
    await eventually(async () => expect(await post({ documentId: 'later' })).toMatchObject({ status: 200 }));
    expect(await post({ query })).toMatchObject(refused);
  });
});

describe('where they are looked at alone', () => {
  it('others run, and are counted', async () => {
    const at = await platform.startGateway({ TRUSTED_DOCUMENTS: 'log', TRUSTED_DOCUMENTS_PATH: folder });
    expect(await post({ query: unheard() }, { at })).toMatchObject({ status: 200, code: undefined });
    expect(await post({ query: who }, { at })).toMatchObject({ status: 200 });
    const untrusted = { outcome: 'untrusted' };
    expect(await platform.metric(at, 'gateway_persisted_documents_total', untrusted)).toBe(1);
  });
});

describe('a start', () => {
  const start = (TRUSTED_DOCUMENTS_PATH: string) =>
    platform.startGateway({ TRUSTED_DOCUMENTS: 'allowed', TRUSTED_DOCUMENTS_PATH });

  it('is refused without the files, and with what no supergraph makes right, naming each', async () => {
    await expect(platform.startGateway({ TRUSTED_DOCUMENTS: 'allowed' })).rejects.toThrow(
      /TRUSTED_DOCUMENTS_PATH/,
    );
    await expect(start('/nowhere/at-all.json')).rejects.toThrow(/ENOENT/);
    const file = join(folder, 'explorer', '.wrong');
    const wrong: Array<[unknown, RegExp]> = [
      [
        { a: 'quer', b: '{ __typename', c: 'query Q { __typename } query R { __typename }' },
        /a: Syntax Error[^\n]*\n[^\n]*b: Syntax Error[^\n]*$/,
      ],
      [{ deep: '{a'.repeat(50_000) }, /deep: The document is nested too deep/],
      [{ [sha256('x')]: kind }, /is not the SHA-256/],
      [{ a: 1 }, /Under "a"/],
      [[], /neither/],
      [{ format: 'apollo-persisted-query-manifest', version: 2, operations: [] }, /version/],
      [
        {
          format: 'apollo-persisted-query-manifest',
          version: 1,
          operations: [{ id: 'a', name: 'No', body: kind }],
        },
        /a: The document has no operation named "No"/,
      ],
    ];
    for (const [manifest, problem] of wrong) {
      await writeFile(file, JSON.stringify(manifest));
      await expect(start(file)).rejects.toThrow(problem);
    }
    await writeFile(file, '{');
    await expect(start(file)).rejects.toThrow(/not JSON/);
    await rm(file);
  });

  it('counts those that are above the limits of documents among the invalid', async () => {
    const own = await mkdtemp(join(tmpdir(), 'trusted-'));
    // Each variable doubles the ways in which it is planned, and nobody pays for those.
    const flags = ['$a', '$b', '$c', '$d', '$e'];
    const parts = flags.map((flag) => `... @defer(if: ${flag}) { id }`).join(' ');
    const ways = `query (${flags.map((flag) => `${flag}: Boolean`)}) { viewer { ${parts} } }`;
    await writeFile(join(own, 'all.json'), JSON.stringify({ ways, kind }));
    const at = await start(own);
    expect(await platform.metric(at, 'gateway_trusted_documents_invalid')).toBe(1);
    expect(await post({ documentId: 'ways' }, { at })).toMatchObject({
      message: expect.stringMatching(/^What the operation defers depends on 5 variables; 4 are allowed/),
    });
    await rm(own, { recursive: true });
  });
});

describe('an automatic persisted query', () => {
  const at = () => platform.gateway;
  const send = (body: object, other: { url: string } = at()) => post(body, { at: other });

  it('is not found until it is sent, then by every copy of the gateway', async () => {
    const query = unheard();
    const notFound = { status: 200, code: 'PERSISTED_QUERY_NOT_FOUND', message: 'PersistedQueryNotFound' };
    expect(await send(apollo(undefined, sha256(query)))).toMatchObject(notFound);
    expect(await send(apollo(query, sha256(query)))).toMatchObject({ status: 200, code: undefined });
    expect(await send(apollo(undefined, sha256(query)))).toMatchObject({ status: 200, code: undefined });
    const other = await platform.startGateway();
    await eventually(async () =>
      expect(await send(apollo(undefined, sha256(query)), other)).toMatchObject({ code: undefined }),
    );
    expect(await send({ documentId: `sha256:${sha256(query)}` }, other)).toMatchObject({ code: undefined });
    const parameters = { extensions: JSON.stringify(apollo(undefined, sha256(query)).extensions) };
    expect(await get(parameters, { at: at() })).toMatchObject({ status: 200, code: undefined });
  });

  it('with a wrong hash, another version or no hash is refused', async () => {
    const query = unheard();
    const mismatch = { status: 400, code: 'BAD_REQUEST', message: 'provided sha does not match query' };
    for (const hash of [sha256('other'), sha256(query).toUpperCase(), '__proto__'])
      expect(await send(apollo(query, hash))).toMatchObject(mismatch);
    for (const persistedQuery of [{ version: 2, sha256Hash: sha256(query) }, { version: 1 }, 'x', 7, []])
      expect(await send({ query, extensions: { persistedQuery } })).toMatchObject({ status: 400 });
    expect(await send(apollo(undefined, sha256(query)))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    expect(await send(apollo(undefined, '__proto__'))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('is not kept where it is not valid', async () => {
    const query = '{ nothing }';
    expect(await send(apollo(query, sha256(query)))).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED' });
    expect(await send(apollo(undefined, sha256(query)))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('is not supported where it is switched off', async () => {
    const other = await platform.startGateway({ AUTOMATIC_PERSISTED_QUERIES: 'off' });
    const told = {
      status: 200,
      code: 'PERSISTED_QUERY_NOT_SUPPORTED',
      message: 'PersistedQueryNotSupported',
    };
    expect(await send(apollo(undefined, sha256(who)), other)).toMatchObject(told);
    expect(await send(apollo(who, sha256(who)), other)).toMatchObject({ code: undefined });
  });

  it('gives way to later ones, and what Redis was given by others is not believed', async () => {
    const other = await platform.startGateway(
      { NAMESPACE: platform.environment.namespace },
      { automaticQueries: { maximumBytes: 100 } },
    );
    const [first, second, third] = [unheard(), unheard(), unheard()];
    const redis = platform.environment.redis();
    const key = (hash: string) => `${platform.environment.namespace}:gateway:query:${hash}`;
    for (const query of [first, second, third]) await send(apollo(query, sha256(query)), other);
    await eventually(async () => expect(await redis.exists(key(sha256(third)))).toBe(1));
    expect(await redis.exists(key(sha256(first)))).toBe(0);
    expect(await redis.ttl(key(sha256(third)))).toBeGreaterThan(86_000);
    expect(
      Number(await redis.get(`${platform.environment.namespace}:gateway:query-bytes`)),
    ).toBeLessThanOrEqual(100);
    const forged = sha256('forged');
    await redis.set(key(forged), who);
    expect(await send(apollo(undefined, forged))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
  });

  it('is sent again while Redis is away', async () => {
    const query = unheard();
    await platform.links.redis.cut();
    expect(await send(apollo(undefined, sha256(query)))).toMatchObject({ code: 'PERSISTED_QUERY_NOT_FOUND' });
    expect(await send(apollo(query, sha256(query)))).toMatchObject({ status: 200, code: undefined });
    expect(await send(apollo(undefined, sha256(query)))).toMatchObject({ status: 200, code: undefined });
    await platform.links.redis.restore();
  });
});
