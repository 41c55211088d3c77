// The contracts of events: schema/events/product.entity.happened.v1.schema.json, one JSON Schema a type.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import { z } from 'zod';
import { dataSchema } from './data-schema.ts';
import type { Finding } from './finding.ts';

export interface EventSchema {
  /** For example `arthemiz.tenant.created.v1`. */
  type: string;
  /** The schema's path from the root. */
  file: string;
  schema: EventObject;
}

/** What every event's schema says of itself. */
const eventObject = dataSchema.and(
  z.looseObject({
    $schema: z.literal('https://json-schema.org/draft/2020-12/schema'),
    $id: z.string(),
    title: z.string().min(1),
    description: z.string().min(1),
    type: z.literal('object'),
    properties: z.record(z.string(), z.unknown()),
    required: z.array(z.string()),
    additionalProperties: z.literal(false),
    examples: z.array(z.unknown()).min(1),
  }),
);

export type EventObject = z.infer<typeof eventObject>;

export interface EventSchemasRead {
  /** Sorted by type. */
  eventSchemas: EventSchema[];
  findings: Finding[];
}

const folder = 'schema/events';
const typeName = /^[a-z][a-z0-9]*\.[a-z][a-z0-9-]*\.[a-z][a-z0-9-]*\.v[1-9][0-9]*$/;

export function readEventSchemas(root: string): EventSchemasRead {
  const read: EventSchemasRead = { eventSchemas: [], findings: [] };
  if (!existsSync(join(root, folder))) return read;
  for (const name of readdirSync(join(root, folder)).sort()) {
    const file = `${folder}/${name}`;
    const type = name.replace(/\.schema\.json$/, '');
    const refuse = (problem: string, remedy: string) => read.findings.push({ where: file, problem, remedy });
    if (type === name || !typeName.test(type)) {
      refuse(
        'The file is not named after a type of event.',
        'Name it product.entity.happened.v1.schema.json.',
      );
      continue;
    }
    const parsed = parseSchema(readFileSync(join(root, file), 'utf8'));
    if (typeof parsed === 'string') {
      refuse(parsed, "See schema/README.md for what an event's schema has, or copy the one beside it.");
      continue;
    }
    const id = `urn:supergraph:event:${type}`;
    if (parsed.$id !== id) refuse(`Its $id is ${parsed.$id}.`, `Make it ${id}.`);
    for (const problem of problemsOf(parsed)) refuse(problem, 'Correct the schema, or the example.');
    read.eventSchemas.push({ type, file, schema: parsed });
  }
  return read;
}

function parseSchema(text: string): EventObject | string {
  try {
    const parsed = eventObject.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    return parsed.error.issues
      .map(({ path, message }) => `${path.join('.') || 'The schema'}: ${message}.`)
      .join(' ');
  } catch (error) {
    return `It is no JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

// With the options of the chassis, which refuses to start with a schema that doesn't compile.
function problemsOf(schema: AnySchemaObject & EventObject): string[] {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  try {
    const validate = ajv.compile(schema);
    return schema.examples.flatMap((example, index) =>
      validate(example)
        ? []
        : [`Example ${index + 1} does not keep to it: ${ajv.errorsText(validate.errors)}.`],
    );
  } catch (error) {
    return [`It is no valid schema: ${error instanceof Error ? error.message : String(error)}.`];
  }
}
