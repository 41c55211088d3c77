// Spans for what MongoDB is asked. Commands alone: what is in them is data.
import { type Span, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { mongo } from 'mongoose';
import { beginSpan } from './tracing.ts';

/** Most commands under way that are remembered; what begins beyond has no span. */
const maximumUnderWay = 1_000;

/** Makes a span of each command that a recorded trace gives rise to. The client must have been told to tell of them. */
export function traceCommands(client: mongo.MongoClient): void {
  const underWay = new Map<number, Span>();
  const end = (requestId: number, failure?: Error): void => {
    const span = underWay.get(requestId);
    if (span === undefined) return;
    underWay.delete(requestId);
    if (failure) span.setStatus({ code: SpanStatusCode.ERROR, message: failure.name });
    span.end();
  };
  client.on('commandStarted', ({ requestId, commandName, databaseName, command }) => {
    if (underWay.size >= maximumUnderWay) return;
    const span = beginSpan(`mongodb ${commandName}`, {
      kind: SpanKind.CLIENT,
      attributes: {
        'db.system.name': 'mongodb',
        'db.namespace': databaseName,
        'db.operation.name': commandName,
        ...collectionOf(commandName, command),
      },
    });
    if (span) underWay.set(requestId, span);
  });
  client.on('commandSucceeded', ({ requestId }) => end(requestId));
  client.on('commandFailed', ({ requestId, failure }) => end(requestId, failure));
}

// A command's first member has its name, and the collection as its value.
function collectionOf(commandName: string, command: object): { 'db.collection.name'?: string } {
  const value: unknown = Reflect.get(command, commandName === 'getMore' ? 'collection' : commandName);
  return typeof value === 'string' ? { 'db.collection.name': value } : {};
}
