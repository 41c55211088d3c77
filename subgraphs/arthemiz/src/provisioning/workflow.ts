// A tenant's provisioning as it is stored. Each move is one transaction: the new state, the request that it takes, the
// tenant's status and the events of its end; so wherever a process dies, the next answer or look goes on from there.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { Arthemiz } from '../context.ts';
import { regionOf, regionsOf } from '../residency/rules.ts';
import type { TenantRow } from '../tenants/model.ts';
import { tenantProvisioningTopic } from './live.ts';
import type { ProvisioningRow } from './model.ts';
import { ownerInvitationStep } from './owner-invitation.ts';
import {
  advance,
  type DeclaredStep,
  inOrder,
  isSameStep,
  newStep,
  type Patience,
  type ProvisioningState,
  withStep,
} from './rules.ts';

/** All steps that subgraphs declared, in the order in which they are done. */
export async function declaredSteps({ models, name: first }: Arthemiz): Promise<DeclaredStep[]> {
  const declarations = await models.StepDeclaration.find().lean();
  const steps = declarations.flatMap(({ _id: subgraph, steps: its }) =>
    its.map(({ name, description }) => ({ subgraph, name, description })),
  );
  return inOrder(steps, { first, last: ownerInvitationStep });
}

/** Equal for equal steps. */
export function namesOf(steps: readonly DeclaredStep[]): string {
  return steps.map(({ subgraph, name }) => `${subgraph}/${name}`).join(' ');
}

export interface NewProvisioning {
  tenant: TenantRow;
  /** Done already, in the running transaction. */
  done: readonly DeclaredStep[];
  /** The tenant has no need of them. */
  skipped: readonly DeclaredStep[];
}

/** Begins a new tenant's provisioning. */
export async function beginProvisioning(
  service: Arthemiz,
  unit: UnitOfWork,
  { tenant, done, skipped }: NewProvisioning,
): Promise<void> {
  const declared = await declaredSteps(service);
  const settled = [...done, ...skipped];
  const pending = declared.filter((step) => !settled.some((each) => isSameStep(each, step)));
  const steps = [
    ...done.map((step) => ({ ...newStep(step), status: 'DONE' as const, attempts: 1 })),
    ...skipped.map((step) => ({ ...newStep(step), status: 'SKIPPED' as const })),
    ...pending.map(newStep),
  ];
  const state: ProvisioningState = { status: 'RUNNING', steps, sequence: 0, dueAt: null };
  await move(service, unit, { tenantId: tenant._id, state, declared: namesOf(declared) });
}

/** Notes that a tenant from before there were provisionings stands; steps that are declared join it. */
export async function adoptTenant(
  { models }: Arthemiz,
  { tenantId, done }: { tenantId: string; done: readonly DeclaredStep[] },
): Promise<void> {
  const now = new Date();
  const steps = done.map((step) => ({ ...newStep(step), status: 'DONE' as const, attempts: 1 }));
  await models.Provisioning.create([
    { tenantId, status: 'SUCCEEDED', steps, sequence: 0, startedAt: now, finishedAt: now },
  ]);
  await models.Tenant.updateOne({ _id: tenantId }, { $set: { status: 'ACTIVE' } });
}

/**
 * Changes the provisioning of the tenant in scope, adds the steps that were declared since, and goes as far as it can.
 * Without a change it just goes on.
 */
export async function continueProvisioning(
  service: Arthemiz,
  unit: UnitOfWork,
  {
    tenantId,
    change = (state) => state,
  }: { tenantId: string; change?: (state: ProvisioningState) => ProvisioningState },
): Promise<void> {
  const row = await service.models.Provisioning.findOne({ tenantId }).lean();
  if (row === null) return;
  const before = stateOf(row);
  const steps = await declaredSteps(service);
  const declared = namesOf(steps);
  const state = steps.reduce(withStep, change(before));
  const isDue = before.dueAt !== null && before.dueAt <= new Date();
  if (state === before && row.declared === declared && !isDue) return;
  await move(service, unit, { tenantId, state, before, declared });
}

/** Goes on from a state that was decided outside of the usual course. */
export async function restartProvisioning(
  service: Arthemiz,
  unit: UnitOfWork,
  { tenantId, before, state }: { tenantId: string; before: ProvisioningState; state: ProvisioningState },
): Promise<void> {
  const { Tenant, Provisioning } = service.models;
  await Tenant.updateOne({ _id: tenantId }, { $set: { status: 'PROVISIONING' } });
  await Provisioning.updateOne({ tenantId }, { $set: { finishedAt: null } });
  await move(service, unit, { tenantId, before, state, declared: namesOf(await declaredSteps(service)) });
}

async function move(
  service: Arthemiz,
  unit: UnitOfWork,
  given: { tenantId: string; state: ProvisioningState; before?: ProvisioningState; declared: string },
): Promise<void> {
  const { tenantId, before, declared } = given;
  const { models } = service;
  const now = new Date();
  const { state, request } = advance(given.state, { now, patience: patienceOf(service) });
  const hasEnded = state.status !== before?.status && ['SUCCEEDED', 'FAILED'].includes(state.status);
  const stored = { ...state, steps: [...state.steps], declared, ...(hasEnded ? { finishedAt: now } : {}) };
  if (before === undefined) await models.Provisioning.create([{ ...stored, tenantId, startedAt: now }]);
  else await models.Provisioning.updateOne({ tenantId }, { $set: stored });
  if (request !== null) {
    const { slug, name, region } = await models.Tenant.findOne({ _id: tenantId }).orFail().lean();
    const { subgraph, action, sequence, name: step } = request;
    const { config } = service;
    const data = {
      ...{ tenantId, slug, name, subgraph, step, action, sequence },
      ...(regionsOf(config).length > 1 ? { region: regionOf({ region }, config) } : {}),
    };
    await unit.emit('tenancy.step.requested.v1', { subject: tenantId, data });
  }
  if (hasEnded) await finish(service, unit, { tenantId, state });
  unit.push(tenantProvisioningTopic, { tenantId });
}

async function finish(
  { models }: Arthemiz,
  { emit }: UnitOfWork,
  { tenantId, state }: { tenantId: string; state: ProvisioningState },
): Promise<void> {
  const hasSucceeded = state.status === 'SUCCEEDED';
  // Whom the tenant invites is the tenant's own from now on: the invitation has the address.
  const reached = hasSucceeded
    ? { $set: { status: 'ACTIVE' as const }, $unset: { ownerEmail: 1 as const } }
    : { $set: { status: 'FAILED' as const } };
  await models.Tenant.updateOne({ _id: tenantId }, reached);
  if (hasSucceeded) {
    await emit('arthemiz.tenant.provisioned.v1', { subject: tenantId, data: { tenantId } });
    return;
  }
  const failed = state.steps.find(({ status, isUncertain }) => status === 'FAILED' || isUncertain);
  if (failed === undefined) return;
  const { subgraph, name: step, error } = failed;
  await emit('arthemiz.tenant.provisioning-failed.v1', {
    subject: tenantId,
    data: { tenantId, subgraph, step, error: error ?? 'It did not say why.' },
  });
}

export function stateOf({ status, steps, sequence, dueAt }: ProvisioningRow): ProvisioningState {
  return {
    status,
    sequence,
    dueAt: dueAt ?? null,
    steps: steps.map((step) => ({
      ...step,
      error: step.error ?? null,
      retryAt: step.retryAt ?? null,
      giveUpAt: step.giveUpAt ?? null,
    })),
  };
}

export function patienceOf({ config }: Arthemiz): Patience {
  return {
    attempts: 5,
    retryMs: config.PROVISIONING_RETRY_MS,
    repeatMs: 60_000,
    giveUpMs: config.PROVISIONING_GIVE_UP_MS,
  };
}
