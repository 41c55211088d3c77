import type { Session } from './authentication/accessTokens.ts';

/** What is known of the caller of an operation, however it came in. */
export interface OperationContext {
  session: Session;
  requestId: string;
  /** The client's address as the public edge saw it. */
  ipAddress: string | undefined;
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal;
}
