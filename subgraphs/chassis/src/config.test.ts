import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import {
  ConfigError,
  chassisConfig,
  jsonVariable,
  millisecondsVariable,
  readConfig,
  urlVariable,
} from './config.ts';

const publicKey = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' };
const complete = {
  PORT: '4101',
  MONGODB_URI: 'mongodb://user:hunter2@127.0.0.1:27017/',
  REDIS_URL: 'redis://127.0.0.1:6379',
  AMQP_URL: 'amqp://127.0.0.1:5672',
  PASSPORT_PUBLIC_KEY: JSON.stringify(publicKey),
};

const problem = (env: Record<string, string | undefined>): ConfigError => {
  try {
    readConfig(chassisConfig, { service: 'sample', env });
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('The environment was accepted.');
};

describe('configuration', () => {
  it('fills in the defaults and reads keys as JSON', () => {
    expect(readConfig(chassisConfig, { service: 'sample', env: complete })).toMatchObject({
      HOST: '127.0.0.1',
      PORT: 4101,
      LOG_LEVEL: 'info',
      NAMESPACE: 'platform',
      PASSPORT_PUBLIC_KEY: publicKey,
      SHUTDOWN_GRACE_MS: 10_000,
    });
  });

  it('names every wrong and missing variable at once', () => {
    const error = problem({ ...complete, PORT: '70000', MONGODB_URI: undefined, NAMESPACE: 'Über' });
    expect(error.variables).toEqual(['PORT', 'NAMESPACE', 'MONGODB_URI']);
    expect(error.message).toMatch(/^sample cannot start/);
    expect(error.message).toMatch(/MONGODB_URI: is required and not set/);
  });

  it('says what was expected and never what was given', () => {
    const secret = 'hunter2';
    const wrong = {
      ...complete,
      MONGODB_URI: `postgres://${secret}@h`,
      PASSPORT_PUBLIC_KEY: `{"d":"${secret}"`,
      PORT: secret,
    };
    const { message } = problem(wrong);
    expect(message).toMatch(/MONGODB_URI: expected a URL that begins with mongodb:\/\/ or mongodb\+srv:\/\//);
    expect(message).toMatch(/PASSPORT_PUBLIC_KEY: expected JSON/);
    expect(message).toMatch(/PORT: expected a port number/);
    expect(message).not.toContain(secret);
  });

  it('points at the place inside of a JSON variable', () => {
    expect(
      problem({ ...complete, PASSPORT_PUBLIC_KEY: JSON.stringify({ ...publicKey, crv: 'X25519' }) }).message,
    ).toMatch(/PASSPORT_PUBLIC_KEY: at crv /);
  });

  it('takes an empty variable for one that is not set', () => {
    expect(problem({ ...complete, PORT: '' }).message).toMatch(/PORT: is required and not set/);
    expect(readConfig(chassisConfig, { service: 'sample', env: { ...complete, HOST: '' } }).HOST).toBe(
      '127.0.0.1',
    );
  });

  it('reads the process environment unless told otherwise, and what a subgraph adds', () => {
    const own = z.object({
      PATH: z.string(),
      ORIGINS: jsonVariable(z.array(z.string())).default([]),
      PAUSE_MS: millisecondsVariable({ minimum: 1, maximum: 10 }).default(5),
      COLLECTOR: urlVariable('http').optional(),
    });
    expect(readConfig(own, { service: 'sample' })).toEqual({
      PATH: process.env.PATH,
      ORIGINS: [],
      PAUSE_MS: 5,
    });
  });
});
