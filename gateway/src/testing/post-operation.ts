// For tests only: an operation as clients post it.

export interface OperationToPost {
  query: string;
  token?: string | null | undefined;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
  headers?: Record<string, string> | undefined;
  /** Aborted when the client leaves. */
  signal?: AbortSignal;
}

/** @param url of the gateway */
export function postOperation(url: string, operation: OperationToPost): Promise<Response> {
  const { query, token, variables, operationName, headers, signal } = operation;
  return fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(typeof token === 'string' ? { authorization: `Bearer ${token}` } : {}),
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
    ...(signal ? { signal } : {}),
  });
}
