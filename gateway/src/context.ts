import type { Session } from './authentication/accessTokens.ts';
import type { Cancellation } from './execution/resilience/cancellation.ts';
import type { Admission } from './limits/admission.ts';
import type { Timings } from './observability/timings.ts';

/** What is known of the caller of an operation, however it came in. */
export interface OperationContext {
  session: Session;
  requestId: string;
  /** The client's address as the public edge saw it. */
  ipAddress: string | undefined;
  /** What the operation draws on; absent for what no client asked for, such as the events of a subscription. */
  admission?: Admission;
  /** Of a developer who asked how long the parts of the operation take. */
  timings?: Timings | undefined;
  /** Whether a developer asked to be told what the operation costs. */
  wantsCost?: boolean;
  /** Whether it completes an event: what was asked for before that happened may be out of date. */
  isOfEvent?: boolean;
  /** Whether the client takes answers in parts (`@defer`). */
  takesParts?: boolean;
  /** Of its work, when nobody waits for the answer any more. */
  cancellation?: Cancellation;
}
