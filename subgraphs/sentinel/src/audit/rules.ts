// What a privileged action leaves in the audit trail, out of the event that told of it. Pure.
import type { AnyCloudEvent } from '@supergraph/chassis/events';
import type { AuditContent } from './chain.ts';

const idPattern = /^[a-z]{2,8}_[\w-]{1,80}$/;
/** A role's or a permission's name. */
const wordPattern = /^[a-z][a-z0-9-]*(:[a-z-]+)?(@[a-z]+_[\w-]+)?$/;

/**
 * Ids, roles and permissions, and no names or addresses of people: nothing in the chain can be changed, so nothing may be
 * in it that has to be forgotten.
 */
export function auditedOf(event: AnyCloudEvent): Omit<AuditContent, 'sequence'> {
  const data = event.data as Readonly<Record<string, unknown>>; // each event's data is an object, by its schema
  const entries = Object.entries(data);
  const actor = entries.find(([name, value]) => /By$/.test(name) && isId(value))?.[1];
  const subject = typeof data.personId === 'string' ? data.personId : event.subject;
  const details = entries.flatMap(([name, value]): [string, string | readonly string[]][] => {
    if (isId(value)) return [[name, value]];
    const isListed = Array.isArray(value) && value.every((each) => isId(each) || isWord(each));
    return isListed ? [[name, value.slice(0, 200)]] : [];
  });
  return {
    tenantId: event.tenantid,
    occurredAt: new Date(event.time).toISOString(),
    action: actionOf(event),
    eventId: event.id,
    actorId: isId(actor) ? actor : typeof data.personId === 'string' ? data.personId : null,
    subjectId: isId(subject) ? subject : null,
    details: Object.fromEntries(details),
  };
}

/** The event's type, or where one event tells of many mutations the mutation: `systemhealth.createSlo`. */
function actionOf({ type, data }: AnyCloudEvent): string {
  const [source = ''] = type.split('.');
  return 'action' in data ? `${source}.${data.action}` : type;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && idPattern.test(value);
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && wordPattern.test(value);
}
