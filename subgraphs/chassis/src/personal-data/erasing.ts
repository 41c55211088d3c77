// Erasing what a subgraph holds of a person whose account is deleted, in all tenants and regions. What is asked for twice
// changes nothing the second time, so that an event that comes again, or a process that dies midway, harms nothing.
import type { Connection } from 'mongoose';
import type { EventHandlers } from '../event-handlers.ts';
import type { ModelSchemas } from '../models.ts';
import type { RegionOfService, Service } from '../service.ts';
import { acrossTenants } from '../tenancy.ts';
import { aboutPerson, aboutWhom, regionsOf, type Stored } from './sources.ts';

export interface PersonErasure {
  connection: Connection;
  regions: readonly Pick<RegionOfService, 'name'>[];
  models: ModelSchemas;
  personId: string;
  /** `joined`: in the running transaction. `apart`: outside of any, for documents without bound or in several regions. */
  writes: 'joined' | 'apart';
}

/** Removes the documents that are about them, and empties what is kept of what could tell who they were. */
export async function erasePerson(erasure: PersonErasure): Promise<void> {
  const { connection, regions, models, personId, writes } = erasure;
  for (const [name, owned] of Object.entries(models)) {
    if (aboutWhom(owned).length === 0) continue;
    const model = connection.model<Stored>(name);
    const whose = aboutPerson(owned, personId);
    const { kept } = owned.people;
    const emptied = Object.fromEntries((kept?.without ?? []).map((path) => [path, null] as const));
    for (const region of regionsOf(owned, regions)) {
      if (kept !== undefined && kept.without.length === 0) continue;
      const change = (): PromiseLike<unknown> => {
        // What happened is not changed but for this.
        const update = { overwriteImmutable: true, timestamps: false };
        if (kept !== undefined) {
          const emptying = model.updateMany(whose, { $set: emptied }, update);
          return writes === 'apart' ? emptying.session(null) : emptying;
        }
        const removing = model.deleteMany(whose);
        return writes === 'apart' ? removing.session(null) : removing;
      };
      const reason = 'a person whose account was deleted is forgotten in all tenants';
      await acrossTenants(reason, change, { region });
    }
  }
}

/** How a subgraph acts when it hears that an account was deleted. */
export function personErasureHandlers<S extends Service<unknown, unknown>>({
  models,
}: {
  models: ModelSchemas;
}): EventHandlers<S> {
  return {
    'privacy.erasure.requested.v1': ({ event, service }) => {
      const { connection, regions } = service;
      const { personId } = event.data;
      return erasePerson({ connection, regions, models, personId, writes: 'apart' });
    },
  };
}
