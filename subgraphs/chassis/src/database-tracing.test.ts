// Spans of commands to the real MongoDB.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import type mongoose from 'mongoose';
import { connectDatabase } from './database.ts';
import { createLogger } from './logging.ts';
import { testEnvironment } from './testing.ts';
import { startTracing } from './tracing.ts';

let environment: Awaited<ReturnType<typeof testEnvironment>>;
let connection: mongoose.Connection;
const exporter = new InMemorySpanExporter();
const tracing = startTracing({ service: 'sample', processors: [new SimpleSpanProcessor(exporter)] });
beforeAll(async () => {
  environment = await testEnvironment({ service: 'sample' });
  connection = await connectDatabase({
    uri: environment.env.MONGODB_URI ?? '',
    namespace: environment.namespace,
    service: 'sample',
    logger: createLogger({ service: 'sample', level: 'silent' }),
    isTraced: true,
  });
});
afterAll(async () => {
  await connection?.close();
  await tracing.stop();
  await environment?.dispose();
});

describe('what MongoDB is asked', () => {
  it('is a span of the trace that gave rise to it, with the collection and without data', async () => {
    const notes = connection.collection('notes');
    await tracing.serve({ name: 'serve', carrier: {} }, async () => {
      await Promise.all([notes.insertOne({ text: 'private' }), notes.findOne({ text: 'private' })]);
      await expect(notes.updateOne({}, { $nonsense: 1 } as object)).rejects.toThrow();
    });
    const spans = exporter.getFinishedSpans();
    const outer = spans.find(({ name }) => name === 'serve');
    const commands = spans.filter(({ name }) => name.startsWith('mongodb '));
    expect(commands.map(({ name }) => name).toSorted()).toEqual([
      'mongodb find',
      'mongodb insert',
      'mongodb update',
    ]);
    for (const { parentSpanContext, attributes } of commands) {
      expect(parentSpanContext?.spanId).toBe(outer?.spanContext().spanId);
      expect(attributes).toMatchObject({ 'db.system.name': 'mongodb', 'db.collection.name': 'notes' });
      expect(JSON.stringify(attributes)).not.toMatch(/private/);
    }
  });

  it('is none outside of a trace', async () => {
    exporter.reset();
    await connection.collection('notes').findOne({});
    expect(exporter.getFinishedSpans()).toEqual([]);
  });
});
