// The issuer's keys, from an issuer that says what a test tells it to.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLogger } from '@supergraph/chassis/logging';
import { eventually } from '@supergraph/chassis/testing';
import { exportJWK, generateKeyPair } from 'jose';
import { loadSigningKeys } from './signingKeys.ts';

let answer = { status: 200, text: '' };
let asked = 0;
const server = createServer((_, response) => {
  asked += 1;
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.text);
});
let url: string;
let good: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // never a string for TCP
  const { publicKey } = await generateKeyPair('ES256');
  good = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' }] });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const logger = createLogger({ service: 'gateway', level: 'silent' });

describe('keys that were loaded', () => {
  it('are trusted for as long as they are told again', async () => {
    answer = { status: 200, text: good };
    const keys = loadSigningKeys({ url, logger, refreshMs: 20, maximumAgeMs: 400 });
    const before = asked;
    // For much longer than they would last by themselves.
    await eventually(() => asked - before > 50);
    expect(await keys.areAvailable()).toBe(true);
    keys.stop();
  });

  it.each([
    ['no JSON', 200, '<html>'],
    ['a list', 200, '[]'],
    ['null', 200, 'null'],
    ['an error', 200, '{"error":"temporarily_unavailable"}'],
    ['keys that are none', 200, '{"keys":["one"]}'],
    ['a failure', 500, '{"keys":[]}'],
  ])('are not trusted for longer by %s in their place', async (_, status, text) => {
    answer = { status: 200, text: good };
    const keys = loadSigningKeys({ url, logger, refreshMs: 20, maximumAgeMs: 200 });
    expect(await keys.areAvailable()).toBe(true);
    answer = { status, text };
    await eventually(async () => !(await keys.areAvailable()), { timeoutMs: 2_000 });
    keys.stop();
  });
});
