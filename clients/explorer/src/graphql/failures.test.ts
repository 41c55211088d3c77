import { describe, expect, it } from '@jest/globals';
import { explainForeignAnswer, explainLiveEnd, explainNoAnswer, isGraphqlAnswer } from './failures.ts';

const problem = (members: object) => JSON.stringify({ type: 'about:blank', ...members });

describe('an answer', () => {
  it('is GraphQL with data, also null, or with errors', () => {
    expect(isGraphqlAnswer('{"data":{"a":1}}')).toBe(true);
    expect(isGraphqlAnswer('{"data":null,"errors":[{"message":"no"}]}')).toBe(true);
    expect(isGraphqlAnswer('{"errors":[{"message":"no"}]}')).toBe(true);
  });

  it('is something else when it is a problem, a page, cut short or empty', () => {
    for (const body of [problem({ status: 503 }), '<html>', '{"data":{"a"', '', 'null', '{"errors":[]}']) {
      expect(isGraphqlAnswer(body)).toBe(false);
    }
  });
});

describe('a failure in words', () => {
  it('says that the gateway is away and what to do', () => {
    const body = problem({ title: 'Service Unavailable', status: 503 });
    expect(explainForeignAnswer({ status: 503, body })).toMatch(
      /^The gateway does not answer \(HTTP 503\).*Try again/,
    );
    expect(explainForeignAnswer({ status: 504, body: '' })).toMatch(/not answer in time.*look before/);
  });

  it('keeps the platform’s own advice', () => {
    const body = problem({ title: 'Too Many Requests', detail: 'Wait a second and try again.' });
    expect(explainForeignAnswer({ status: 429, body })).toBe(
      'The platform refused the request (HTTP 429, Too Many Requests). Wait a second and try again.',
    );
  });

  it('gives advice of its own where the answer has none', () => {
    expect(explainForeignAnswer({ status: 418, body: '<html>' })).toMatch(/\(HTTP 418\)\. Try again/);
    expect(explainForeignAnswer({ status: 200, body: '<html>' })).toMatch(/^Something other than GraphQL/);
  });

  it('tells a deadline from a platform that does not answer at all', () => {
    const late = new DOMException('signal timed out', 'TimeoutError');
    expect(explainNoAnswer(late, { deadlineMs: 30_000 })).toMatch(/within 30 seconds.*A mutation may/);
    expect(explainNoAnswer(new TypeError('Failed to fetch'), { deadlineMs: 30_000 })).toMatch(
      /^The platform does not answer.*Try again/,
    );
  });

  it('leaves what the session says about itself as it is', () => {
    const signedOut = new Error('Signed out. Sign in to run operations.');
    expect(explainNoAnswer(signedOut, { deadlineMs: 30_000 })).toBe(signedOut.message);
  });

  it('says why live events ended for good', () => {
    expect(explainLiveEnd({ code: 4403, reason: 'The access token is for another audience' })).toBe(
      'The gateway refuses this session for live events: The access token is for another audience (4403). Sign out and in again.',
    );
    expect(explainLiveEnd({ code: 4400, reason: '' })).toMatch(/ended the live connection \(4400\)\. Run/);
    expect(explainLiveEnd(new TypeError('no'))).toMatch(/could not be made/);
    expect(explainLiveEnd(null)).toMatch(/could not be made/);
  });
});
