// What follows at home from changes of tenants' own data. Each may be done again for what was done: it runs in a transaction
// at home, but is forgotten in another one.
import { z } from 'zod';
import type { Arthemiz } from '../context.ts';
import { storeGrantChange } from '../grants/storing.ts';
import { endMembersSessions } from '../memberships/sessions.ts';
import { forgetGrantsOf } from '../registered-clients/granted.ts';
import { letSessionsEnd } from '../sessions/due.ts';
import { endSessions } from '../sessions/ending.ts';

/** In the tenant's scope, in the running transaction at home. */
type Doing<Data> = (
  service: Arthemiz,
  task: { tenantId: string; data: Data; before: Date },
) => Promise<unknown>;

function task<Shape extends z.ZodType>(shape: Shape, act: Doing<z.output<Shape>>) {
  return {
    shape,
    act: (service: Arthemiz, { data, ...about }: { tenantId: string; data: unknown; before: Date }) =>
      act(service, { ...about, data: shape.parse(data) }),
  };
}

const id = z.string().min(1);

export const homeTasks = {
  'note-grant-change': task(
    z.object({
      _id: id,
      subject: id.nullable(),
      rolesRemoved: z.array(z.string()),
      permissionsRemoved: z.array(z.string()),
    }),
    (service, { tenantId, data }) => storeGrantChange(service, { tenantId, ...data }),
  ),
  'end-members-sessions': task(
    z.object({ personId: id, endedBy: id }),
    (service, { tenantId, data, before }) => endMembersSessions(service, { tenantId, before, ...data }),
  ),
  'end-sessions-by-connection': task(
    z.object({ personId: id, connectionId: id }),
    (service, { tenantId, data: { personId, connectionId }, before }) =>
      endSessions(service, {
        ...{ personId, tenantId, endedBy: personId, reason: 'ended' },
        isEnding: (grant) => grant.connectionId === connectionId && grant.signedInAt <= before,
      }),
  ),
  'let-sessions-end': task(
    z.union([
      z.object({ endedBy: id, connectionId: id }),
      z.object({ endedBy: id, personIds: z.array(id), notBy: id }),
    ]),
    (service, { tenantId, data }) => letSessionsEnd(service, { tenantId, ...data }),
  ),
  'forget-grants-of-client': task(z.object({ clientId: id }), (service, { data }) =>
    forgetGrantsOf(service, data.clientId),
  ),
  'store-mail': task(
    z.object({ _id: id, kind: id, sealed: id, expiresAt: z.date() }),
    async ({ models }, { data: { _id, ...mail } }) => {
      const fresh = { ...mail, dueAt: new Date(), attempts: 0 };
      await models.Mail.updateOne({ _id }, { $setOnInsert: fresh }, { upsert: true });
    },
  ),
  'free-domain': task(
    z.object({ name: id, domainId: id }),
    async ({ models }, { data: { name, domainId } }) => {
      await models.DomainOwner.deleteOne({ _id: name, domainId });
    },
  ),
};

export type HomeTaskKind = keyof typeof homeTasks;
export type HomeTaskData<Kind extends HomeTaskKind> = z.input<(typeof homeTasks)[Kind]['shape']>;

export function isHomeTask(kind: string): kind is HomeTaskKind {
  return Object.hasOwn(homeTasks, kind);
}
