import { describe, expect, it } from '@jest/globals';
import { GraphQLError } from 'graphql';
import { z } from 'zod';
import * as errors from './errors.ts';
import { parseInput } from './input.ts';
import { maskError, maskErrors } from './masking.ts';
import { statusOf } from './problem.ts';
import { recordLog } from './testing/data-fixture.ts';
import { TransactionDeadlineError } from './transaction.ts';

const thrownBy = (error: Error) => new GraphQLError(error.message, { originalError: error, path: ['field'] });

describe('errors', () => {
  it('carry a code of the closed list and what clients may know', () => {
    const error = errors.rateLimited('Too often.', {
      extensions: { retryAfterSeconds: 3 },
      cause: new Error('inside'),
    });
    expect(error.toJSON()).toEqual({
      message: 'Too often.',
      extensions: { code: 'RATE_LIMITED', retryAfterSeconds: 3 },
    });
    expect(error.cause).toEqual(new Error('inside'));
  });

  it('each have their HTTP status', () => {
    const makers = [
      errors.unauthenticated,
      errors.forbidden,
      errors.notFound,
      errors.conflict,
      errors.deadlineExceeded,
      errors.subgraphUnavailable,
      errors.serviceUnavailable,
    ];
    expect(makers.map((make) => statusOf(make('')))).toEqual([401, 403, 404, 409, 504, 502, 503]);
    expect(statusOf(new Error('any'))).toBe(500);
  });
});

describe('masking', () => {
  it('lets errors of the list through with their place', () => {
    const { logger, lines } = recordLog();
    const error = thrownBy(errors.notFound('No such service.'));
    expect(maskError(error, logger)).toEqual({
      message: 'No such service.',
      path: ['field'],
      extensions: { code: 'NOT_FOUND' },
    });
    expect(lines).toEqual([]);
    maskError(thrownBy(errors.conflict('Taken.', { cause: new Error('why') })), logger);
    expect(lines).toHaveLength(1);
  });

  it('hides everything else and logs it', () => {
    const { logger, lines } = recordLog();
    const hidden = [
      new Error('secret'),
      'secret',
      new GraphQLError('secret'),
      new GraphQLError('secret', { extensions: { code: 'MY_OWN' } }),
      new errors.PlatformError('INTERNAL_SERVER_ERROR', 'secret'),
      thrownBy(new TypeError('secret')),
    ];
    for (const error of hidden) {
      const masked = maskError(error, logger);
      expect(masked.extensions?.code).toBe('INTERNAL_SERVER_ERROR');
      expect(JSON.stringify(masked)).not.toContain('secret');
    }
    expect(JSON.stringify(lines).match(/secret/g)?.length).toBeGreaterThanOrEqual(hidden.length);
  });

  it('logs the first errors of an operation and how many more there were', () => {
    const { logger, lines } = recordLog();
    const many = Array.from({ length: 1_000 }, (_, index) => thrownBy(new Error(`broken ${index}`)));
    const masked = maskErrors(many, logger);
    expect(masked).toHaveLength(1_000);
    expect(new Set(masked.map(({ extensions }) => extensions?.code))).toEqual(
      new Set(['INTERNAL_SERVER_ERROR']),
    );
    expect(lines.map(({ err, errors }) => (err as Error | undefined)?.message ?? errors)).toEqual([
      ...[0, 1, 2, 3, 4].map((index) => `broken ${index}`),
      995,
    ]);
  });

  it('tells that the database does not serve us now, and nothing about it', () => {
    const { logger, lines } = recordLog();
    const masked = maskError(thrownBy(new TransactionDeadlineError('not done within 10 ms')), logger);
    expect(masked).toMatchObject({ path: ['field'], extensions: { code: 'SERVICE_UNAVAILABLE' } });
    expect(masked.message).not.toContain('10 ms');
    expect(JSON.stringify(lines)).toContain('10 ms');
  });
});

describe('input', () => {
  it('is parsed, or refused with every problem and its place', () => {
    const schema = z.object({ name: z.string().min(1), size: z.number().default(1) });
    expect(parseInput(schema, { name: 'a' })).toEqual({ name: 'a', size: 1 });
    try {
      parseInput(schema, { name: '', size: 'x' });
      throw new Error('accepted');
    } catch (error) {
      expect(error).toMatchObject({
        code: 'BAD_USER_INPUT',
        extensions: { issues: [{ path: ['name'] }, { path: ['size'] }] },
      });
    }
  });
});
