// Traces (OpenTelemetry, W3C Trace Context). Each service of a process has its own provider; the async context
// carries which one is meant, so that code anywhere below a request can simply call `inSpan`.
import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  defaultTextMapGetter,
  defaultTextMapSetter,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  type SpanOptions,
  SpanStatusCode,
  TraceFlags,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  RandomIdGenerator,
  SamplingDecision,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node';
import { ATTR_SERVICE_NAME } from '@opentelemetry/semantic-conventions';
import { within } from './deadline.ts';

/** Headers of an HTTP message or attributes of an event that carry `traceparent` and `tracestate`. */
export type TraceCarrier = Record<string, unknown>;

const tracerKey = createContextKey('supergraph tracer');
const propagator = new W3CTraceContextPropagator();

export interface TracingOptions {
  service: string;
  /** OTLP/HTTP collector's base URL. Without it, trace ids are made and passed on and nothing is recorded. */
  endpoint?: string | undefined;
  /** Part of the traces that is recorded, from 0 to 1; every service of one trace decides alike. Default 1. */
  ratio?: number;
  /** Further receivers of ended spans. */
  processors?: SpanProcessor[];
}

export interface Tracing {
  /** Starts a span for work that came in from outside: a child of the carrier's span, or the root of a new trace. */
  serve<T>(incoming: IncomingWork, work: (span: Span) => T): T;
  /** Exports what is left, waiting at most five seconds, and stops. */
  stop(): Promise<void>;
}

export interface IncomingWork {
  name: string;
  carrier: TraceCarrier;
  attributes?: Attributes;
  kind?: SpanKind;
}

export function startTracing(options: TracingOptions): Tracing {
  const { service, endpoint, ratio = 1, processors = [] } = options;
  // Process-wide, harmless to repeat: the second call is refused and the first manager stays.
  if (!isContextManaged()) context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const exported =
    endpoint === undefined
      ? []
      : [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` }))];
  const spanProcessors = [...exported, ...processors];
  if (spanProcessors.length === 0) return passOn;
  // By the trace's id: a caller that asks for recording gets no more of it than others do.
  const sampled = new TraceIdRatioBasedSampler(ratio);
  const isSampled = (traceId: string) =>
    ratio >= 1 ||
    sampled.shouldSample(ROOT_CONTEXT, traceId).decision === SamplingDecision.RECORD_AND_SAMPLED;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ [ATTR_SERVICE_NAME]: service }),
    sampler: new ParentBasedSampler({ root: sampled, remoteParentSampled: sampled }),
    spanProcessors,
  });
  const tracer = provider.getTracer('supergraph');
  return {
    serve({ name, carrier, attributes = {}, kind = SpanKind.SERVER }, work) {
      // What is not recorded has no need of a span, which takes longer than all of this.
      const told = receivedBy(carrier);
      const isWanted = told !== undefined && (told.traceFlags & TraceFlags.SAMPLED) !== 0;
      if (told && !(isWanted && isSampled(told.traceId)))
        return withoutSpan({ ...told, traceFlags: TraceFlags.NONE }, work);
      // What happens to run around it is another's work: a link that many share would join all to its opener's trace.
      const outer = ROOT_CONTEXT.setValue(tracerKey, tracer);
      const parent = propagator.extract(outer, carrier, defaultTextMapGetter) as Context;
      return runSpan(tracer.startSpan(name, { kind, attributes }, parent), parent, work);
    },
    stop: () => within(5_000, provider.shutdown()),
  };
}

const ids = new RandomIdGenerator();

/** Where nobody records: the ids that came in, or new ones, for logs and for whom is called. No span is made. */
const passOn: Tracing = {
  serve({ carrier }, work) {
    const made = () => ({ traceId: ids.generateTraceId(), spanId: ids.generateSpanId(), traceFlags: 0 });
    return withoutSpan(receivedBy(carrier) ?? made(), work);
  },
  stop: async () => undefined,
};

function withoutSpan<T>(told: SpanContext, work: (span: Span) => T): T {
  const span = trace.wrapSpanContext(told);
  return context.with(trace.setSpan(ROOT_CONTEXT, span), work, undefined, span);
}

const wellFormed = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** What a carrier says. The propagator takes several times as long, and is left to what is rare. */
function receivedBy(carrier: TraceCarrier): SpanContext | undefined {
  const { traceparent, tracestate } = carrier;
  if (traceparent === undefined) return undefined;
  if (tracestate !== undefined || typeof traceparent !== 'string' || !wellFormed.test(traceparent))
    return trace.getSpanContext(propagator.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter) as Context);
  return {
    traceId: traceparent.slice(3, 35),
    spanId: traceparent.slice(36, 52),
    traceFlags: Number.parseInt(traceparent.slice(53), 16),
    isRemote: true,
  };
}

/**
 * Begins a span below the running one, for work whose end is told elsewhere. Undefined where nobody records: then
 * nothing is to be done.
 */
export function beginSpan(name: string, options: SpanOptions): Span | undefined {
  const active = context.active();
  const tracer = active.getValue(tracerKey) as Tracer | undefined; // only `serve` writes this key
  return tracer !== undefined && trace.getSpan(active)?.isRecording()
    ? tracer.startSpan(name, options, active)
    : undefined;
}

/**
 * Runs `work` as a span of the running trace. Outside of any service it just runs. An error is recorded on the
 * span and thrown on.
 */
export function inSpan<T>(name: string, attributes: Attributes, work: (span: Span) => T): T {
  const active = context.active();
  const current = trace.getSpan(active) ?? trace.wrapSpanContext(noSpan);
  const tracer = active.getValue(tracerKey) as Tracer | undefined; // only `serve` writes this key
  // Of a trace that nobody records, the ids are enough; a span for each step would only cost time.
  if (tracer === undefined || !current.isRecording()) return work(current);
  return runSpan(tracer.startSpan(name, { attributes }, active), active, work);
}

const noSpan = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 0 };

function runSpan<T>(span: Span, parent: Context, work: (span: Span) => T): T {
  try {
    const result = context.with(trace.setSpan(parent, span), work, undefined, span);
    if (!(result instanceof Promise)) {
      span.end();
      return result;
    }
    // The promise handed out is the one that settles after the span has ended. T is a promise type here.
    return result.then(
      (value) => {
        span.end();
        return value;
      },
      (error: unknown) => {
        failSpan(span, error);
        throw error;
      },
    ) as T;
  } catch (error) {
    failSpan(span, error);
    throw error;
  }
}

function failSpan(span: Span, error: unknown): void {
  if (error instanceof Error) span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
}

/** Adds `traceparent` of the running span to a carrier and returns it. */
export function injectTrace<Carrier extends TraceCarrier>(carrier: Carrier): Carrier {
  propagator.inject(context.active(), carrier, defaultTextMapSetter);
  return carrier;
}

/** `traceparent` of the running span, or undefined outside of any. */
export function currentTraceparent(): string | undefined {
  const spanContext = trace.getSpanContext(context.active());
  if (spanContext === undefined || spanContext.traceId === noSpan.traceId) return undefined;
  const { traceId, spanId, traceFlags } = spanContext;
  return `00-${traceId}-${spanId}-${traceFlags < 16 ? '0' : ''}${traceFlags.toString(16)}`;
}

/** Trace id of the running span (32 hex digits), or undefined outside of any. */
export function currentTraceId(): string | undefined {
  const spanContext = trace.getSpanContext(context.active());
  return spanContext === undefined || spanContext.traceId === noSpan.traceId
    ? undefined
    : spanContext.traceId;
}

function isContextManaged(): boolean {
  const probe = createContextKey('probe');
  return context.with(context.active().setValue(probe, 1), () => context.active().getValue(probe)) === 1;
}
