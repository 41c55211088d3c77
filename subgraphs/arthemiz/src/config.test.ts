import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '@supergraph/chassis/config';
import { testEnvironment } from '@supergraph/chassis/testing';
import { config } from './config.ts';

const { env } = await testEnvironment({ service: 'arthemiz' });
const good = {
  ...env,
  ISSUER: 'https://id.acme.test/auth',
  AUDIENCE: 'https://id.acme.test/graphql',
  PUBLIC_ORIGINS: '["https://id.acme.test"]',
  COOKIE_KEYS: '["0123456789abcdef"]',
  KEY_ENCRYPTION_KEY: randomBytes(32).toString('base64'),
  GRPC_PORT: '0',
};
const read = (given: Record<string, string>) =>
  readConfig(config, { service: 'arthemiz', env: { ...good, ...given } });

describe('the environment', () => {
  it('is read', () => {
    expect(read({})).toMatchObject({ PUBLIC_ORIGINS: ['https://id.acme.test'], SIGNING_KEY_POLL_MS: 30_000 });
    expect(read({}).KEY_ENCRYPTION_KEY).toHaveLength(32);
  });

  it.each([
    ['ISSUER', 'https://id.acme.test/other'],
    ['ISSUER', 'https://id.acme.test/auth?x=1'],
    ['ISSUER', 'ftp://id.acme.test/auth'],
    ['PUBLIC_ORIGINS', '["https://id.acme.test/"]'],
    ['PUBLIC_ORIGINS', '["javascript:alert(1)"]'],
    ['PUBLIC_ORIGINS', '["acme"]'],
    ['PUBLIC_ORIGINS', '[]'],
    ['COOKIE_KEYS', '["short"]'],
    ['COOKIE_KEYS', 'secret'],
    ['KEY_ENCRYPTION_KEY', 'c2hvcnQ='],
    ['SIGNING_KEY_POLL_MS', '0'],
    ['GRPC_PORT', '70000'],
  ])('is refused with %s=%s, by a message that names the variable and not its value', (name, value) => {
    let message = '';
    try {
      read({ [name]: value });
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain(name);
    if (value.length > 4) expect(message).not.toContain(value);
  });
});
