// Events: CloudEvents 1.0 in structured JSON, each type described by a JSON Schema under schema/events.
import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Broker, OutgoingMessage } from './broker.ts';
import type { EventData } from './event-data.generated.ts';
import { newId } from './identifiers.ts';
import { tenantFor } from './tenancy.ts';
import { currentTraceparent } from './tracing.ts';

export type { EventData } from './event-data.generated.ts';
export type EventType = keyof EventData;

/** A fact that happened, as it travels and is stored. */
export interface CloudEvent<T extends EventType = EventType> {
  specversion: '1.0';
  /** `evt_` and a UUIDv7; the same id is the same fact, however often it arrives. */
  id: string;
  /** `/` and the service that says so, e.g. `/arthemiz`. */
  source: string;
  type: T;
  /** The id of what it is about. */
  subject?: string;
  /** When it happened, UTC ISO 8601. */
  time: string;
  /** The tenant it belongs to. */
  tenantid: string;
  /** W3C trace context of the work that caused it. */
  traceparent?: string;
  /** How many alike it stands for, itself included; absent for one (CloudEvents' Sampled Rate extension). */
  sampledrate?: number;
  datacontenttype: 'application/json';
  data: EventData[T];
}

/** An event whose `data` is known once its `type` is. */
export type AnyCloudEvent = { [T in EventType]: CloudEvent<T> }[EventType];

/** What the emitter says; the rest of the envelope is filled in. */
export interface EventInput<T extends EventType> {
  subject?: string;
  data: EventData[T];
  /** Where the scope names no tenant. Inside a tenant's scope it may only restate that tenant. */
  tenantId?: string;
}

/** An event that does not keep to its schema; the message names the place, never the value. */
export class InvalidEventError extends Error {
  override readonly name = 'InvalidEventError';
}

/** An event of a type that this version of the platform does not know; a newer copy may. */
export class UnknownEventTypeError extends InvalidEventError {}

/** The direct way out, for services that have no database to commit to. Others emit in a transaction. */
export interface Events {
  /**
   * Publishes an event of the tenant in scope (or `tenantId`, across tenants or outside of any scope).
   * Resolves once RabbitMQ has confirmed it.
   * @throws InvalidEventError or PublishError
   */
  publish<T extends EventType>(type: T, input: EventInput<T>): Promise<void>;
}

export function createEvents({ contracts, broker }: { contracts: EventContracts; broker: Broker }): Events {
  return {
    async publish(type, input) {
      await broker.publish(type, messageOf(contracts.create(type, input)));
    },
  };
}

/** The event as a message, named by the event's id. */
export function messageOf(event: CloudEvent): OutgoingMessage {
  return { messageId: event.id, body: Buffer.from(JSON.stringify(event)) };
}

export interface EventContracts {
  /** Makes a valid event of the tenant in scope. */
  create<T extends EventType>(type: T, input: EventInput<T>): CloudEvent<T>;
  /** Checks an event that arrived. @throws InvalidEventError */
  check(candidate: unknown): AnyCloudEvent;
}

const directory = new URL('../../../schema/events/', import.meta.url);

/**
 * Reads the schemas of all event types; each is compiled when the first event of its type comes by.
 * @param options.source the service's name
 */
export function loadEventContracts({ source }: { source: string }): EventContracts {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
  const validateEnvelope = ajv.compile(envelope);
  const suffix = '.schema.json';
  const schemas = new Map(
    readdirSync(directory)
      .filter((name) => name.endsWith(suffix))
      .map((file) => {
        const schema: object = JSON.parse(readFileSync(new URL(file, directory), 'utf8'));
        return [file.slice(0, -suffix.length), schema];
      }),
  );
  // Ajv remembers what it has compiled by the schema itself.
  const validatorOf = (type: string): ValidateFunction | undefined => {
    const schema = schemas.get(type);
    return schema && ajv.compile(schema);
  };

  const check = (candidate: unknown): AnyCloudEvent => {
    refuseUnless(validateEnvelope, candidate, 'The envelope');
    const event = candidate as AnyCloudEvent; // the envelope holds; its data is checked next
    const validate = validatorOf(event.type);
    if (validate === undefined)
      throw new UnknownEventTypeError(`Events of type ${event.type} are not described here.`);
    refuseUnless(validate, event.data, `The data of ${event.type}`);
    return event;
  };

  return {
    check,
    create(type, { subject, data, tenantId }) {
      const trace = currentTraceparent();
      const event = {
        specversion: '1.0' as const,
        id: newId('evt'),
        source: `/${source}`,
        type,
        ...(subject === undefined ? {} : { subject }),
        time: new Date().toISOString(),
        tenantid: tenantFor(tenantId),
        ...(trace === undefined ? {} : { traceparent: trace }),
        datacontenttype: 'application/json' as const,
        data,
      };
      check(event);
      return event;
    },
  };
}

function refuseUnless(validate: ValidateFunction, value: unknown, what: string): void {
  if (validate(value)) return;
  const [first] = validate.errors ?? [];
  throw new InvalidEventError(`${what} is invalid at ${first?.instancePath || '/'}: ${first?.message}.`);
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });

// Other extension attributes are allowed: CloudEvents says that consumers ignore those they do not know.
const envelope = {
  type: 'object',
  required: ['specversion', 'id', 'source', 'type', 'time', 'tenantid', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: text(200),
    source: text(200),
    type: text(200),
    subject: text(200),
    time: { ...text(40), pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z$' },
    tenantid: text(64),
    traceparent: { type: 'string', pattern: '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' },
    sampledrate: { type: 'integer', minimum: 1 },
    datacontenttype: { const: 'application/json' },
    data: { type: 'object' },
  },
};
