// The part of JSON Schema in which events describe their data: what can be written as a TypeScript type.
import { z } from 'zod';

const word = z.enum(['string', 'number', 'integer', 'boolean', 'null', 'array', 'object']);
const literal = z.union([z.string(), z.number(), z.boolean(), z.null()]);

export type TypeWord = z.infer<typeof word>;
export type Literal = z.infer<typeof literal>;

export interface DataSchema {
  description?: string | undefined;
  type?: TypeWord | TypeWord[] | undefined;
  enum?: Literal[] | undefined;
  const?: Literal | undefined;
  items?: DataSchema | undefined;
  properties?: Record<string, DataSchema> | undefined;
  required?: string[] | undefined;
  additionalProperties?: false | undefined;
}

// They narrow a value, or document it, and leave its type as it is.
const shapeless = [
  ...['$schema', '$id', '$comment', 'title', 'examples', 'deprecated', 'default', 'format', 'pattern'],
  ...['minLength', 'maxLength', 'minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  ...['minItems', 'maxItems', 'uniqueItems'],
];

// Strict: a keyword that isn't known here may shape a value, and must not be passed over.
export const dataSchema: z.ZodType<DataSchema> = z.lazy(() =>
  z.strictObject({
    ...Object.fromEntries(shapeless.map((keyword) => [keyword, z.unknown().optional()])),
    description: z.string().optional(),
    type: z.union([word, z.array(word)]).optional(),
    enum: z.array(literal).optional(),
    const: literal.optional(),
    items: dataSchema.optional(),
    properties: z.record(z.string(), described).optional(),
    required: z.array(z.string()).optional(),
    additionalProperties: z.literal(false).optional(),
  }),
);

const described = z.lazy(() => dataSchema.and(z.looseObject({ description: z.string().min(1) })));
