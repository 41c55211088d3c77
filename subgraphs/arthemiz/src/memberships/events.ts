// Facts about who belongs to a tenant. What roles somebody loses or has back by it is told by itself.
import type { UnitOfWork } from '@supergraph/chassis/transaction';

interface About {
  personId: string;
  /** A person, a service client or an API key. */
  changedBy: string;
}

export function tellPersonSuspended({ emit }: UnitOfWork, data: About): Promise<void> {
  return emit('arthemiz.person.suspended.v1', { subject: data.personId, data });
}

export function tellPersonResumed({ emit }: UnitOfWork, data: About): Promise<void> {
  return emit('arthemiz.person.resumed.v1', { subject: data.personId, data });
}

export function tellPersonRemoved({ emit }: UnitOfWork, data: About): Promise<void> {
  return emit('arthemiz.person.removed.v1', { subject: data.personId, data });
}
