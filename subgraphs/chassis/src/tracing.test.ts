import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node';
import {
  beginSpan,
  currentTraceId,
  currentTraceparent,
  injectTrace,
  inSpan,
  startTracing,
} from './tracing.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const carrier = { traceparent: `00-${traceId}-b7ad6b7169203331-01` };

function recorded() {
  const exporter = new InMemorySpanExporter();
  const tracing = startTracing({ service: 'sample', processors: [new SimpleSpanProcessor(exporter)] });
  return { exporter, tracing };
}

describe('tracing', () => {
  it('continues the trace that came in and hands it on', async () => {
    const { tracing, exporter } = recorded();
    const handed = await tracing.serve({ name: 'serve', carrier }, async () =>
      inSpan('inner', { step: 1 }, async () => injectTrace({ other: 'kept' })),
    );
    const spans = exporter.getFinishedSpans();
    expect(spans.map(({ name }) => name)).toEqual(['inner', 'serve']);
    expect(spans.map((span) => span.spanContext().traceId)).toEqual([traceId, traceId]);
    expect(spans[0]?.parentSpanContext?.spanId).toBe(spans[1]?.spanContext().spanId);
    expect(handed).toEqual({
      other: 'kept',
      traceparent: `00-${traceId}-${spans[0]?.spanContext().spanId}-01`,
    });
    await tracing.stop();
  });

  it('begins a trace where none came in, also when nothing is exported', async () => {
    const tracing = startTracing({ service: 'sample' });
    const id = tracing.serve({ name: 'serve', carrier: {} }, () => currentTraceId());
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    await tracing.stop();
  });

  it('hands on what came in, sampled or not, where nothing is exported, and makes no span', async () => {
    const tracing = startTracing({ service: 'sample' });
    const handed = tracing.serve({ name: 'serve', carrier }, (span) => {
      expect(span.isRecording()).toBe(false);
      expect(beginSpan('further', {})).toBeUndefined();
      return inSpan('inner', {}, () => injectTrace({}));
    });
    expect(handed).toEqual(carrier);
    await tracing.stop();
  });

  it('records the same part of all traces in every service, whatever a caller asks for', async () => {
    const idOf = (n: number) => (n * 0x9e3779b1).toString(16).slice(-8).padStart(8, '0');
    const carriers = Array.from({ length: 200 }, (_, n) => ({
      traceparent: `00-${idOf(n)}${'0'.repeat(23)}1-b7ad6b7169203331-01`,
    }));
    const recordedBy = async () => {
      const exporter = new InMemorySpanExporter();
      const processors = [new SimpleSpanProcessor(exporter)];
      const tracing = startTracing({ service: 'sample', ratio: 0.5, processors });
      for (const each of carriers) tracing.serve({ name: 'serve', carrier: each }, () => undefined);
      const found = exporter.getFinishedSpans().map((span) => span.spanContext().traceId);
      await tracing.stop();
      return found;
    };
    const found = await recordedBy();
    expect(found.length).toBeGreaterThan(50);
    expect(found.length).toBeLessThan(150);
    expect(await recordedBy()).toEqual(found);
  });

  it('joins no trace that happens to be under way', async () => {
    const { tracing, exporter } = recorded();
    tracing.serve({ name: 'opens a link', carrier }, () =>
      tracing.serve({ name: 'event of the link', carrier: {} }, () => undefined),
    );
    const [event] = exporter.getFinishedSpans();
    expect(event?.name).toBe('event of the link');
    expect(event?.spanContext().traceId).not.toBe(traceId);
    expect(event?.parentSpanContext).toBeUndefined();
    await tracing.stop();
  });

  it('marks failed work and throws its error on', async () => {
    const { tracing, exporter } = recorded();
    const work = { name: 'serve', carrier };
    await expect(tracing.serve(work, async () => Promise.reject(new Error('later')))).rejects.toThrow(
      'later',
    );
    expect(() =>
      tracing.serve(work, () => {
        throw 'at once';
      }),
    ).toThrow('at once');
    expect(exporter.getFinishedSpans().map(({ status, events }) => [status.code, events.length])).toEqual([
      [2, 1],
      [2, 0],
    ]);
    await tracing.stop();
  });

  it('is silent outside of any service', () => {
    expect(inSpan('alone', {}, () => currentTraceId())).toBeUndefined();
    expect(currentTraceparent()).toBeUndefined();
  });

  it('keeps services of one process apart', async () => {
    const [one, two] = [recorded(), recorded()];
    one.tracing.serve({ name: 'of one', carrier }, () => inSpan('inside one', {}, () => undefined));
    await one.tracing.stop();
    two.tracing.serve({ name: 'of two', carrier }, () => undefined);
    expect(two.exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['of two']);
    await two.tracing.stop();
  });

  it('exports to an OTLP collector before it stops', async () => {
    let path: string | undefined;
    let body = '';
    const collector = createServer((request, response) => {
      path = request.url;
      request.on('data', (chunk) => {
        body += String(chunk);
      });
      request.on('end', () => response.end('{}'));
    });
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/`;
    const tracing = startTracing({ service: 'sample', endpoint });
    tracing.serve({ name: 'exported', carrier: {} }, () => undefined);
    await tracing.stop();
    collector.closeAllConnections();
    await new Promise((resolve) => collector.close(resolve));
    expect(path).toBe('/v1/traces');
    expect(body).toContain('exported');
  });
});
