// For tests only: an operation as clients post it.

export interface OperationToPost {
  query: string;
  token?: string | null | undefined;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  extensions?: Record<string, unknown> | undefined;
  headers?: Record<string, string> | undefined;
  /** Aborted when the client leaves. */
  signal?: AbortSignal;
}

/** @param url of the gateway */
export function postOperation(url: string, operation: OperationToPost): Promise<Response> {
  const { query, token, variables, operationName, extensions, headers, signal } = operation;
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(typeof token === 'string' ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName, extensions }),
    ...(signal ? { signal } : {}),
  });
}
