// What a person changes about themselves without proof: what they are called, and the language they read.
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import { tenantsToldOf } from '../memberships/told.ts';
import type { Language } from './languages.ts';

export interface ProfileChange {
  personId: string;
  displayName: string;
  /** Null: as the browser asks. */
  language: Language | null;
}

/** Another name is told to each of their tenants, in the same transaction. */
export function changeProfile(
  service: Arthemiz,
  { personId, displayName, language }: ProfileChange,
): Promise<void> {
  const { Person } = service.models;
  return acrossTenants("a person's name concerns each tenant of theirs", () =>
    service.transaction(async ({ emit }) => {
      const before = await Person.findOneAndUpdate(
        { _id: personId },
        { $set: { displayName, language } },
      ).lean();
      if (before === null || before.displayName === displayName) return;
      for (const tenantId of await tenantsToldOf(service, personId))
        await emit('arthemiz.person.renamed.v1', { tenantId, subject: personId, data: { personId } });
    }),
  );
}
