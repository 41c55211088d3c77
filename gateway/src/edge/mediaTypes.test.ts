import { describe, expect, it } from '@jest/globals';
import { preferredMediaType } from './mediaTypes.ts';

const graphql = 'application/graphql-response+json';

describe('the form of an answer', () => {
  it.each([
    [undefined, 'json'],
    ['', 'json'],
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/*', 'json'],
    ['application/json; charset=utf-8', 'json'],
    ['text/html, application/xhtml+xml, */*;q=0.8', 'json'],
    [graphql, 'graphqlResponse'],
    [`${graphql}, application/json`, 'graphqlResponse'],
    [`application/json, ${graphql}`, 'graphqlResponse'],
    [`${graphql};q=0.5, application/json`, 'json'],
    [`${graphql}, application/json;q=0.9`, 'graphqlResponse'],
    [`application/json;q=0, */*`, 'graphqlResponse'],
    [`APPLICATION/JSON`, 'json'],
    ['text/event-stream', 'eventStream'],
    ['text/event-stream, application/json;q=0.5', 'eventStream'],
    ['text/event-stream;q=0.5, application/json', 'json'],
    // A stream is never what "anything" means.
    ['text/*', undefined],
    ['text/html', undefined],
    ['application/json;q=0', undefined],
    ['application/json;q=x', undefined],
    ['image/png, text/plain', undefined],
  ])('that accepts %j is %s', (accept, expected) => {
    expect(preferredMediaType(accept)).toBe(expected);
  });
});
