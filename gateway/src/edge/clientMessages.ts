import { type Message, type SubscribePayload, validateMessage } from 'graphql-ws';

/** An operation as it comes over WebSocket: the protocol's own, and one that names its document. */
export type OperationPayload = SubscribePayload & { readonly documentId?: string | null };

/** @throws Error where it is no message of the protocol. */
export function readClientMessage(text: string): Message {
  const message: unknown = JSON.parse(text);
  const payload = propertyOf(message, 'payload');
  // The protocol knows no operation without a text; one that names its document has an empty one.
  if (typeof payload === 'object' && payload !== null && !('query' in payload)) {
    const isNamed =
      typeof propertyOf(payload, 'documentId') === 'string' ||
      propertyOf(propertyOf(payload, 'extensions'), 'persistedQuery') !== undefined;
    if (isNamed) Object.assign(payload, { query: '' });
  }
  return validateMessage(message);
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
