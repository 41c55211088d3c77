// Who holds which roles, from what arthemiz tells.

import { orBeginAnew } from '@supergraph/chassis/database';
import type { HandlerInput } from '@supergraph/chassis/event-handlers';
import type { AnyCloudEvent, EventType } from '@supergraph/chassis/events';
import type { Sentinel } from '../context.ts';
import type { PrincipalRow } from './model.ts';
import { knownWith, nothingKnown, type Told } from './rules.ts';

/** To be called in the transaction that takes the event; of most it takes nothing. */
export async function notePrincipal({
  event,
  service: { models },
}: Pick<HandlerInput<Sentinel, EventType>, 'event' | 'service'>): Promise<void> {
  const about = toldBy(event as AnyCloudEvent); // one of them, whichever its type
  if (about === null) return;
  const { principalId, ...told } = about;
  const { Principal } = models;
  const row = await Principal.findOne({ principalId }).lean<PrincipalRow>();
  const { standingSince = null, isActive, roles } = row ?? nothingKnown;
  const known = knownWith({ roles, standingSince, isActive: isActive ?? true }, told);
  await orBeginAnew(() => Principal.updateOne({ principalId }, { $set: known }, { upsert: true }));
}

function toldBy(event: AnyCloudEvent): (Told & { principalId: string }) | null {
  const at = new Date(event.time);
  switch (event.type) {
    case 'arthemiz.person.joined.v1':
      return { principalId: event.data.personId, at, rolesAdded: event.data.roles, isActive: true };
    case 'arthemiz.person.resumed.v1':
      return { principalId: event.data.personId, at, isActive: true };
    case 'arthemiz.person.suspended.v1':
    case 'arthemiz.person.removed.v1':
      return { principalId: event.data.personId, at, isActive: false };
    case 'arthemiz.person.roles-changed.v1': {
      const { personId: principalId, rolesAdded, rolesRemoved } = event.data;
      return { principalId, at, rolesAdded, rolesRemoved };
    }
    case 'arthemiz.service-client.created.v1':
      return { principalId: event.data.clientId, at, rolesAdded: event.data.roles };
    case 'arthemiz.service-client.updated.v1': {
      const { clientId: principalId, rolesAdded, rolesRemoved } = event.data;
      return { principalId, at, rolesAdded, rolesRemoved };
    }
    case 'arthemiz.service-client.deleted.v1':
      return { principalId: event.data.clientId, at, isActive: false };
    default:
      return null;
  }
}
