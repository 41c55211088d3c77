// Whom others removed from the tenant in scope stays out, whatever the tenant's identity provider says, until they are
// invited or announced again, or somebody readmits them. Leaving by oneself is not being removed.
import { createHmac } from 'node:crypto';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import type { PresenceChange } from './presence-changes.ts';

/** In the transaction that removes them. */
export async function noteRemoval(
  service: Arthemiz,
  { member, changedBy }: PresenceChange,
): Promise<undefined> {
  const { Person, RemovedMember } = service.models;
  const { personId, directory } = member;
  const person = await Person.findOne({ _id: personId }).lean();
  const email = person?.email ?? directory?.userName ?? null;
  const removal = {
    email,
    addressDigest: email === null ? null : digestOf(service, email),
    displayName: person?.displayName ?? directory?.displayName ?? null,
    ...{ removedBy: changedBy, removedAt: new Date() },
  };
  await RemovedMember.updateOne({ personId }, { $set: removal }, { upsert: true });
}

interface Comer {
  /** Absent for somebody who has no account. */
  _id?: string;
  email: string;
}

/** Whether somebody, or whoever had their address, was removed. */
export async function isRemoved(service: Arthemiz, comer: Comer): Promise<boolean> {
  return (await service.models.RemovedMember.exists(whoseRemoval(service, comer))) !== null;
}

/** For whoever is let in again by those who may. */
export async function forgetRemoval(service: Arthemiz, comer: Comer): Promise<void> {
  await service.models.RemovedMember.deleteMany(whoseRemoval(service, comer));
}

/** Takes a removal back: the identity provider may bring the person again. @returns false where there is none */
export async function readmitPerson({ models }: Arthemiz, personId: string): Promise<boolean> {
  return (await models.RemovedMember.deleteOne({ personId })).deletedCount > 0;
}

function whoseRemoval(service: Arthemiz, { _id, email }: Comer) {
  const byAddress = { addressDigest: digestOf(service, email) };
  return _id === undefined ? byAddress : { $or: [{ personId: _id }, byAddress] };
}

function digestOf({ config }: Arthemiz, email: string): string {
  return createHmac('sha256', config.KEY_ENCRYPTION_KEY)
    .update(`removed:${currentTenant()}:${email}`)
    .digest('base64url');
}
