// Blocks and allow-list entries come and go, each with the event that tells gateways.

import { orBeginAnew } from '@supergraph/chassis/database';
import { currentTenant } from '@supergraph/chassis/tenancy';
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Sentinel } from '../context.ts';
import type { PrincipalRow } from '../principals/model.ts';
import { rolesHeld } from '../principals/rules.ts';
import type { AccessRuleRow } from './access-rule-model.ts';
import { covers, type Target } from './rules.ts';

/** Most of each that a tenant may have. */
export const mostBlocks = 1_000;
export const mostEntries = 200;

/** Whoever has it sees what the one before did, until the transaction ends. */
export async function takeTurn({ models }: Pick<Sentinel, 'models'>): Promise<void> {
  await orBeginAnew(() =>
    models.ResponseTurn.updateOne({ _id: currentTenant() }, { $inc: { turns: 1 } }, { upsert: true }),
  );
}

type Made = Pick<AccessRuleRow, 'effect' | 'kind' | 'value'> &
  Partial<Pick<AccessRuleRow, 'reason' | 'until' | 'createdBy'>>;

export async function makeAccessRule(
  { models }: Pick<Sentinel, 'models'>,
  { emit }: Pick<UnitOfWork, 'emit'>,
  made: Made,
): Promise<AccessRuleRow> {
  const rule = new models.AccessRule({ ...made, createdAt: new Date() });
  await rule.save();
  const row = rule.toObject();
  await tell({ emit }, row, { isActive: true });
  return row;
}

/** @returns false where it was gone already */
export async function dropAccessRule(
  { models }: Pick<Sentinel, 'models'>,
  { emit }: Pick<UnitOfWork, 'emit'>,
  id: string,
): Promise<boolean> {
  const row = await models.AccessRule.findOneAndDelete({ _id: id }).lean<AccessRuleRow>();
  if (row === null) return false;
  await tell({ emit }, row, { isActive: false });
  return true;
}

function tell(
  { emit }: Pick<UnitOfWork, 'emit'>,
  { _id: ruleId, effect, kind, value, until }: AccessRuleRow,
  { isActive }: { isActive: boolean },
): Promise<void> {
  const ends = until?.toISOString() ?? null;
  return emit('sentinel.access-rule.changed.v1', {
    subject: value,
    data: { ruleId, effect, kind, value, isActive, until: ends },
  });
}

/** The entry of the allow-list that keeps a target from being blocked, or null. */
export async function entryFor(
  { models }: Pick<Sentinel, 'models'>,
  target: Target,
  now: Date,
): Promise<AccessRuleRow | null> {
  const entries = await models.AccessRule.find({ effect: 'ALLOW', kind: target.kind }).lean<
    AccessRuleRow[]
  >();
  return entries.find((entry) => holds(entry, now) && covers(entry, target)) ?? null;
}

export function holds({ until }: Pick<AccessRuleRow, 'until'>, now: Date): boolean {
  return !until || until > now;
}

/** Owners can lift blocks, so one of them is never blocked. What is not known of holds nobody up. */
export async function isLastOwner({ models }: Pick<Sentinel, 'models'>, target: Target): Promise<boolean> {
  if (target.kind !== 'PERSON') return false;
  const rows = await models.Principal.find({ 'roles.name': ownerRole }).lean<PrincipalRow[]>();
  const owners = rows.filter((row) => row.isActive !== false && rolesHeld(row).includes(ownerRole));
  if (!owners.some(({ principalId }) => principalId === target.value)) return false;
  const blocked = await models.AccessRule.find({ effect: 'BLOCK', kind: 'PERSON' }).lean<AccessRuleRow[]>();
  const now = new Date();
  const isBlocked = new Set(blocked.filter((rule) => holds(rule, now)).map(({ value }) => value));
  return owners.every(({ principalId: id }) => id === target.value || isBlocked.has(id));
}

/** The role that can do all in a tenant, by its name in arthemiz. */
const ownerRole = 'owner';
