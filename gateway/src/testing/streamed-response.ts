// For tests only: an operation over HTTP whose answer is read as it comes.
import { type OperationToPost, postOperation } from './post-operation.ts';

export type StreamedRequest = Omit<OperationToPost, 'signal'>;

export interface StreamedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** Everything that has come so far. */
  text(): string;
  /** Resolves when the server has ended the answer, or the client has left. */
  readonly end: Promise<void>;
  leave(): void;
}

export async function openStreamedResponse(url: string, request: StreamedRequest): Promise<StreamedResponse> {
  const abort = new AbortController();
  const response = await postOperation(url, { ...request, signal: abort.signal });
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
