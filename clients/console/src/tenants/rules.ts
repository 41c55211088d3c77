// What operators may decide over a tenant at the moment, and whether something of it goes on. Pure.
export interface Lifecycle {
  status: string | null;
  suspension: object | null;
  deletion: { begunAt: string | null; finishedAt: string | null } | null;
  move: { status: string } | null;
  provisioning: { status: string } | null;
}

export type Decision = 'suspend' | 'resume' | 'move' | 'delete' | 'keep' | 'retry';

/** Whether the platform is at work on it, so that it looks different soon. */
export function isGoingOn({ status, deletion, move }: Lifecycle): boolean {
  const isErasing = deletion !== null && deletion.begunAt !== null && deletion.finishedAt === null;
  return status === 'PROVISIONING' || move?.status === 'RUNNING' || isErasing;
}

/** What makes sense; whether it is allowed the platform says. */
export function decisionsFor({ deletion, suspension, move, provisioning }: Lifecycle): Decision[] {
  if (deletion !== null) return deletion.begunAt === null ? ['keep'] : [];
  const decisions: Decision[] = [];
  if (provisioning?.status === 'FAILED') decisions.push('retry');
  if (move?.status !== 'RUNNING') decisions.push('move');
  decisions.push(suspension === null ? 'suspend' : 'resume', 'delete');
  return decisions;
}

/** The permission that each takes. */
export const permissionFor: Record<Decision, string> = {
  suspend: 'tenant:suspend',
  resume: 'tenant:suspend',
  move: 'tenant:move',
  delete: 'tenant:delete',
  keep: 'tenant:delete',
  retry: 'tenant:create',
};
