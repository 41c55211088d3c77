// What a message says about its way so far: how often it failed, since when and why. Kept in headers, because
// it must outlive the wait between two attempts.
import { createHash } from 'node:crypto';
import { z } from 'zod';

export interface Delivery {
  /** The event's id; for a message that names none, a hash of its body. */
  messageId: string;
  /** The message as it came. */
  body: Buffer;
  contentType?: string;
  /** Failed attempts so far. */
  attempts: number;
  firstFailedAt: Date | null;
  /** Why the last attempt failed. */
  reason: string | null;
}

// Anybody who may publish can write headers, so a wrong one counts as absent instead of failing the delivery.
const messageShape = z.object({
  messageId: z.string().min(1).optional().catch(undefined),
  contentType: z.string().optional().catch(undefined),
  headers: z
    .object({
      'x-attempts': z.number().int().nonnegative().catch(0),
      'x-first-failed-at': z.iso.datetime().nullable().catch(null),
      'x-failure-reason': z.string().nullable().catch(null),
      // RabbitMQ's own, when it moved the message itself.
      'x-first-death-reason': z.string().nullable().catch(null),
    })
    .catch({
      'x-attempts': 0,
      'x-first-failed-at': null,
      'x-failure-reason': null,
      'x-first-death-reason': null,
    }),
});

export function deliveryOf(message: { body?: unknown }): Delivery {
  const { messageId, contentType, headers } = messageShape.parse(message);
  const body = bytesOf(message.body);
  const firstFailedAt = headers['x-first-failed-at'];
  return {
    messageId: messageId ?? createHash('sha256').update(body).digest('hex').slice(0, 32),
    body,
    ...(contentType === undefined ? {} : { contentType }),
    attempts: headers['x-attempts'],
    firstFailedAt: firstFailedAt === null ? null : new Date(firstFailedAt),
    reason:
      headers['x-failure-reason'] ??
      (headers['x-first-death-reason'] === 'delivery_limit'
        ? 'It was delivered again and again without an answer.'
        : null),
  };
}

/** Headers for the next queue after a failure. */
export function failureHeaders(
  { firstFailedAt }: Delivery,
  { attempts, reason }: { attempts: number; reason: string },
): Record<string, string | number> {
  return {
    'x-attempts': attempts,
    'x-first-failed-at': (firstFailedAt ?? new Date()).toISOString(),
    'x-failure-reason': reason,
  };
}

/** The body as text. rabbitmq-client parses bodies that are labelled as JSON or plain text. */
export function bytesOf(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body ?? null));
}
