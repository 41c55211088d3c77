import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { assumePublicOrigin, clientAddress } from './origin.ts';

const config = {
  ISSUER: 'http://acme.test:8080/auth',
  PUBLIC_ORIGINS: ['http://acme.test:8080', 'https://acme.test'],
};

function requestWith(
  headers: IncomingMessage['headers'],
  { remoteAddress }: { remoteAddress?: string } = {},
): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  return Object.assign(new IncomingMessage(socket), { headers });
}

describe('the origin that a request is taken to have come by', () => {
  it.each([
    [
      'the one that the proxy names',
      { 'x-forwarded-host': 'acme.test', 'x-forwarded-proto': 'https' },
      'https://acme.test',
    ],
    ['the one of its host when no proxy is there', { host: 'acme.test:8080' }, 'http://acme.test:8080'],
    ["the issuer's for a host of no public origin", { host: 'evil.test' }, 'http://acme.test:8080'],
    [
      "the issuer's for a protocol of no public origin",
      { host: 'acme.test:8080', 'x-forwarded-proto': 'https' },
      'http://acme.test:8080',
    ],
    ["the issuer's without a host", {}, 'http://acme.test:8080'],
  ])('is %s', (_, headers, origin) => {
    const request = requestWith({ ...headers });
    const { isSecure } = assumePublicOrigin(request, config);
    const { protocol, host } = new URL(origin);
    expect(isSecure).toBe(protocol === 'https:');
    expect(request.headers).toEqual({
      host,
      'x-forwarded-host': host,
      'x-forwarded-proto': protocol.slice(0, -1),
    });
  });
});

describe('the address of a client', () => {
  const remoteAddress = '10.0.0.1';

  it('is the last of the list, which the nearest proxy wrote', () => {
    const headers = { 'x-forwarded-for': '1.1.1.1, 203.0.113.9' };
    expect(clientAddress(requestWith(headers, { remoteAddress }))).toBe('203.0.113.9');
  });

  it.each(['', 'unknown', '203.0.113.9, <script>'])(
    "is the connection's where the header says %j",
    (value) => {
      expect(clientAddress(requestWith({ 'x-forwarded-for': value }, { remoteAddress }))).toBe(remoteAddress);
    },
  );

  it('is written one way for IPv4', () => {
    expect(clientAddress(requestWith({}, { remoteAddress: '::ffff:10.0.0.1' }))).toBe('10.0.0.1');
    expect(clientAddress(requestWith({}, { remoteAddress: '2001:db8::1' }))).toBe('2001:db8::1');
  });

  it('is unknown when the connection is gone', () => {
    expect(clientAddress(requestWith({}))).toBeNull();
  });
});
