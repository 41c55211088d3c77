import type { Session } from './authentication/accessTokens.ts';
import type { Admission } from './limits/admission.ts';

/** What is known of the caller of an operation, however it came in. */
export interface OperationContext {
  session: Session;
  requestId: string;
  /** The client's address as the public edge saw it. */
  ipAddress: string | undefined;
  /** What the operation draws on; absent for what no client asked for, such as the events of a subscription. */
  admission?: Admission;
  /** Aborted when nobody waits for the answer any more. */
  signal?: AbortSignal;
}
