// Tags: each stands for a thing that changes, and has another value after each change. An answer is kept with the
// values that its tags had before it was asked for, and counts only while they still have them.
import type { ChangeSource } from '@supergraph/chassis/cache-marks';
import type { AnyCloudEvent } from '@supergraph/chassis/events';

/** What an entity or an answer was asked as. */
export interface Subject {
  tenantId: string | null;
  /** The id of the entity; null for one that has none by which events could name it, undefined for root fields. */
  entityId: string | null | undefined;
}

/** The tag that a change of the subject bears; undefined where none would be heard of. */
export function tagOf(
  { eventType, property }: ChangeSource,
  { tenantId, entityId }: Subject,
): string | undefined {
  if (property !== undefined && entityId !== undefined)
    return entityId === null ? undefined : entityTag(eventType, property, entityId);
  return tenantId === null ? undefined : tenantTag(eventType, tenantId);
}

/** The tags that an event changes, of those that the sources name. */
export function tagsChangedBy(event: AnyCloudEvent, sources: Iterable<ChangeSource>): string[] {
  const tags = new Set([tenantTag(event.type, event.tenantid)]);
  const data = new Map<string, unknown>(Object.entries(event.data));
  for (const { eventType, property } of sources) {
    if (eventType !== event.type || property === undefined) continue;
    const id = data.get(property);
    if (typeof id === 'string' || typeof id === 'number')
      tags.add(entityTag(eventType, property, String(id)));
  }
  return [...tags];
}

function tenantTag(eventType: string, tenantId: string): string {
  return `tenant:${eventType}:${tenantId}`;
}

function entityTag(eventType: string, property: string, id: string): string {
  return `entity:${eventType}:${property}:${id}`;
}
