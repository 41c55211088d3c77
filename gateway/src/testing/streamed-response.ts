// For tests only: an operation over HTTP whose answer is read as it comes.

export interface StreamedRequest {
  query: string;
  token?: string;
  variables?: Record<string, unknown>;
  headers?: Record<string, string>;
}

export interface StreamedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Everything that has come so far. */
  text(): string;
  /** Resolves when the server has ended the answer, or the client has left. */
  readonly end: Promise<void>;
  leave(): void;
}

export async function openStreamedResponse(
  url: string,
  { query, token, variables, headers }: StreamedRequest,
): Promise<StreamedResponse> {
  const abort = new AbortController();
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    body: JSON.stringify({ query, variables }),
    signal: abort.signal,
  });
  let text = '';
  const read = async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true });
  };
  return {
    status: response.status,
    headers: response.headers,
    text: () => text,
    end: read().catch(() => undefined),
    leave: () => abort.abort(),
  };
}
