// YAML text → the documents of rules and correlations, checked for their form.
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { invalid, unsupported } from './errors.ts';
import { limits } from './limits.ts';
import { parseTimespan } from './timespan.ts';

export const levels = ['informational', 'low', 'medium', 'high', 'critical'] as const;
export type Level = (typeof levels)[number];

const text = z.string().trim().min(1);
const word = z.string().max(256);
const metadata = {
  title: text.max(256),
  id: word.optional(),
  name: word.optional(),
  taxonomy: word.optional(),
  status: z.enum(['stable', 'test', 'experimental', 'deprecated', 'unsupported']).optional(),
  description: z.string().max(65_535).optional(),
  author: z.string().max(4_096).optional(),
  license: word.optional(),
  references: z.array(z.string()).optional(),
  falsepositives: z.union([z.string(), z.array(z.string())]).optional(),
  level: z.enum(levels).optional(),
  tags: z.array(word).max(100).optional(),
  fields: z.array(word).max(100).optional(),
};

const detectionDocument = z.object({
  ...metadata,
  logsource: z.object({
    category: word.optional(),
    product: word.optional(),
    service: word.optional(),
    definition: z.string().optional(),
  }),
  detection: z.record(z.string(), z.unknown()),
});

const operators = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'] as const;
const correlationTypes = ['event_count', 'value_count', 'temporal', 'temporal_ordered'] as const;
export type CorrelationType = (typeof correlationTypes)[number];

const correlationDocument = z.object({
  ...metadata,
  correlation: z.object({
    type: z.enum(correlationTypes, { error: `is one of ${correlationTypes.join(', ')}` }),
    rules: z.union([word.transform((rule) => [rule]), z.array(word).min(1).max(50)]),
    aliases: z.record(word, z.record(word, word)).optional(),
    'group-by': z.union([word.transform((field) => [field]), z.array(word).max(20)]).default([]),
    timespan: z.string().transform((value, context) => {
      const timespanMs = parseTimespan(value);
      if (timespanMs !== null) return timespanMs;
      context.addIssue({ code: 'custom', message: 'is a number and s, m, h or d, 90 days at most' });
      return z.NEVER;
    }),
    condition: z
      .strictObject({
        ...Object.fromEntries(operators.map((operator) => [operator, z.number().nonnegative().optional()])),
        field: z.union([word.transform((field) => [field]), z.array(word).min(1).max(10)]).optional(),
      })
      .optional(),
    generate: z.boolean().optional(),
  }),
  generate: z.boolean().optional(),
});

export type DetectionDocument = z.infer<typeof detectionDocument>;
export type CorrelationDocument = z.infer<typeof correlationDocument>;
export type Operator = (typeof operators)[number];
export type SigmaDocument =
  | { readonly kind: 'detection'; readonly document: DetectionDocument }
  | { readonly kind: 'correlation'; readonly document: CorrelationDocument };

/** @throws SigmaError */
export function parseDocuments(yaml: string): SigmaDocument[] {
  if (yaml.length > limits.text) throw invalid('', `The text is longer than ${limits.text} characters.`);
  const parsed = parseAllDocuments(yaml, { uniqueKeys: true, maxAliasCount: 100 } as object);
  if (!Array.isArray(parsed) || parsed.length === 0) throw invalid('', 'The text has no rule.');
  if (parsed.length > limits.documents)
    throw invalid('', `The text has more than ${limits.documents} documents.`);
  return parsed.map((document, index) => {
    const [error] = document.errors;
    const path = parsed.length === 1 ? '' : `document ${index + 1}`;
    if (error !== undefined) throw invalid(path, error.message.split('\n')[0] ?? 'is not YAML');
    return checked(toValue(document, path), path);
  });
}

/** Aliases may refer to each other so that a short text stands for a long one: `yaml` counts, and gives up. */
function toValue(document: { toJS(options: { maxAliasCount: number }): unknown }, path: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw invalid(path, error instanceof Error ? error.message : 'is not YAML');
  }
}

function checked(value: unknown, path: string): SigmaDocument {
  if (typeof value !== 'object' || value === null) throw invalid(path, 'A rule is a map.');
  if ('filter' in value) throw unsupported(path, 'Sigma filters; write what they exclude into the rule');
  if ('correlation' in value) {
    refuseMetrics(value.correlation);
    return { kind: 'correlation', document: shaped(correlationDocument, value, path) };
  }
  return { kind: 'detection', document: shaped(detectionDocument, value, path) };
}

function refuseMetrics(correlation: unknown): void {
  const type =
    typeof correlation === 'object' && correlation !== null ? Reflect.get(correlation, 'type') : null;
  if (typeof type !== 'string' || !/^value_(sum|avg|percentile)$/.test(type)) return;
  throw unsupported(
    'correlation.type',
    `${type}; event_count, value_count, temporal and temporal_ordered are evaluated`,
  );
}

function shaped<S extends z.ZodType>(schema: S, value: unknown, path: string): z.output<S> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = [path, ...(issue?.path ?? [])].filter((part) => part !== '').join('.');
  throw invalid(place, issue?.message ?? 'is not as the specification says');
}
