// What may not reach a log or a client: secrets, and personal data that nobody needs there.

/** Field names whose values are never shown. Compared without case, `-` and `_`. */
export const redactedKeys = [
  'authorization',
  'passport',
  'cookie',
  'cookies',
  'password',
  'token',
  'secret',
  'email',
  'credentials',
] as const;

const censored = '[redacted]';
const maximumDepth = 8;
const maximumEntries = 100;

/** Whether a field of this name holds something secret or personal: `password`, `accessToken`, `client_secret`… */
function isRedactedKey(key: string): boolean {
  const plain = key.toLowerCase().replace(/[-_]/g, '');
  return (
    redactedKeys.some((name) => plain === name) ||
    /(password|passwd|secret|token|cookie|email|emailaddress|apikey|privatekey|encryptionkey|codeverifier)(s|hash)?$/.test(
      plain,
    )
  );
}

/**
 * Removes user and password from every URL inside a text, and every API key: `amqp://guest:guest@host` becomes
 * `amqp://host`.
 */
export function stripCredentials(text: string): string {
  let stripped = text;
  // Up to the last @ before the path, since passwords in the wild hold unescaped ones.
  if (text.includes('://')) stripped = stripped.replace(/:\/\/[^\s/?#"']*@/g, '://');
  if (text.includes('sk_')) stripped = stripped.replace(/sk_[0-9a-f]{32}_[0-9A-Za-z]{49}/g, `sk_${censored}`);
  return stripped;
}

/** A copy with secrets hidden at any depth; errors become plain objects with their causes. */
export function redact(value: unknown): unknown {
  return redactAt(value, 0, new Set());
}

function redactAt(value: unknown, depth: number, ancestors: Set<object>): unknown {
  if (typeof value === 'string') return stripCredentials(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= maximumDepth || ancestors.has(value)) return '[…]';
  ancestors.add(value);
  try {
    if (value instanceof Error) return redactError(value, depth, ancestors);
    if ('toJSON' in value && typeof value.toJSON === 'function') {
      return redactAt(value.toJSON(), depth + 1, ancestors);
    }
    if (Array.isArray(value)) {
      return value.slice(0, maximumEntries).map((item) => redactAt(item, depth + 1, ancestors));
    }
    return redactFields(Object.entries(value), depth, ancestors);
  } finally {
    ancestors.delete(value);
  }
}

function redactError(error: Error, depth: number, ancestors: Set<object>): Record<string, unknown> {
  const own = Object.entries(error).filter(([key]) => !['message', 'stack', 'cause'].includes(key));
  return {
    type: error.constructor.name,
    message: stripCredentials(error.message),
    stack: stripCredentials(error.stack ?? ''),
    ...redactFields(own, depth, ancestors),
    ...(error.cause === undefined ? {} : { cause: redactAt(error.cause, depth + 1, ancestors) }),
  };
}

function redactFields(
  fields: Array<[string, unknown]>,
  depth: number,
  ancestors: Set<object>,
): Record<string, unknown> {
  return Object.fromEntries(
    fields
      .slice(0, maximumEntries)
      .map(([key, value]) => [key, isRedactedKey(key) ? censored : redactAt(value, depth + 1, ancestors)]),
  );
}
