// Creating and renaming tenants, each with its event in one transaction.

import { isDuplicateKey } from '@supergraph/chassis/database';
import { newId } from '@supergraph/chassis/identifiers';
import { isAtHome } from '@supergraph/chassis/residency/at-home';
import { acrossTenants, currentTenant, inTenant } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';
import type { EnvironmentKind } from '../environments/rules.ts';
import { canSendMail } from '../mail/queueing.ts';
import { defaultRolesStep, furnishTenant } from '../provisioning/default-roles.ts';
import { ownerInvitationStep } from '../provisioning/owner-invitation.ts';
import { beginProvisioning } from '../provisioning/workflow.ts';
import { isRegion, regionUnknown } from '../residency/rules.ts';
import { inTenantsRegion } from '../residency/transactions.ts';
import { defaultRoles, type RolePlan } from '../roles/rules.ts';
import { tellTenantCreated, tellTenantRenamed } from './events.ts';
import type { TenantRow } from './model.ts';
import { keyReused, ownerNotInvitable, requestDigest, slugTaken, type TenantRefusal } from './rules.ts';

export interface TenantPlan {
  name: string;
  slug: string;
  /** Who asks together with their key, such as `per_…:key`. */
  idempotencyKey: string;
  /** Who is invited as its first owner. Default: nobody. */
  ownerEmail?: string | undefined;
  /** Where its data is to lie. Default: the home region. */
  region?: string | undefined;
  /** The person or service client who creates it; absent for the installation itself. */
  createdBy?: string;
  /** Of which tenant it is an environment. Default: of none. */
  environment?: { parentId: string; kind: EnvironmentKind };
  /** Why it is not made after all, asked in its scope and in the transaction that makes it. */
  hindrance?(tenantId: string): Promise<{ refusal: TenantRefusal } | null>;
  /** Default: a new id. */
  id?: string;
  /** Default: the roles of an ordinary tenant. */
  roles?: readonly RolePlan[];
}

export type TenantOutcome = { tenant: TenantRow } | { refusal: TenantRefusal };

/** Creates a tenant with its roles and begins its provisioning, once per idempotency key. */
export async function createTenant(service: Arthemiz, plan: TenantPlan): Promise<TenantOutcome> {
  const earlier = await outcomeOfEarlier(service, plan);
  if (earlier !== null) return earlier;
  const { name, slug, idempotencyKey, id = newId('ten'), roles = defaultRoles, ownerEmail, createdBy } = plan;
  const { region = service.config.HOME_REGION, environment } = plan;
  if (!isRegion(service.config, region)) return { refusal: regionUnknown(service.config) };
  if (ownerEmail !== undefined && !canSendMail(service)) return { refusal: ownerNotInvitable() };
  const createdAt = new Date();
  const tenant: TenantRow = {
    _id: id,
    name,
    slug,
    idempotencyKey,
    requestDigest: requestDigest(plan),
    ...(ownerEmail === undefined ? {} : { ownerEmail }),
    ...(createdBy === undefined ? {} : { createdBy }),
    ...(environment === undefined
      ? {}
      : { parentId: environment.parentId, environmentKind: environment.kind }),
    region,
    status: 'PROVISIONING',
    createdAt,
  };
  const furnish = () => furnishTenant(service, { id, roles });
  // Before the tenant is there: whoever finds it finds its data's place too. Of one that comes to nothing that says nothing.
  await service.settle(id, region);
  try {
    await acrossTenants('a new tenant is created from outside of it', () =>
      inTenant(id, async () => {
        // Elsewhere its own things follow, now and by the step that makes sure of them.
        const isHere = isAtHome(service.connection);
        await service.transaction(
          async (unit) => {
            await service.models.Tenant.create([tenant]);
            const not = await plan.hindrance?.(id);
            if (not) throw new NotMade(not.refusal);
            if (isHere) await furnish();
            await tellTenantCreated(unit, tenant);
            await beginProvisioning(service, unit, {
              tenant,
              done: isHere ? [defaultRolesStep] : [],
              skipped: ownerEmail === undefined ? [ownerInvitationStep] : [],
            });
          },
          { at: 'home' },
        );
        if (!isHere) await inTenantsRegion(service, furnish);
      }),
    );
    const begun = await service.models.Tenant.findOne({ _id: id }).orFail().lean();
    return { tenant: begun };
  } catch (error) {
    if (error instanceof NotMade) return { refusal: error.refusal };
    if (!isDuplicateKey(error)) throw error;
    // Another request with the same key or slug was committed in between.
    const other = await outcomeOfEarlier(service, plan);
    if (other === null) throw error;
    return other;
  }
}

/** Rolls everything back. */
class NotMade extends Error {
  override readonly name = 'NotMade';
  readonly refusal: TenantRefusal;

  constructor(refusal: TenantRefusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

async function outcomeOfEarlier({ models }: Arthemiz, plan: TenantPlan): Promise<TenantOutcome | null> {
  // In this order: the same request may be committed elsewhere in between, and then the key has to be found, or
  // its own tenant would seem to be another's.
  const bySlug = await models.Tenant.findOne({ slug: plan.slug }).lean();
  const byKey = await models.Tenant.findOne({ idempotencyKey: plan.idempotencyKey }).lean();
  if (byKey !== null) {
    return byKey.requestDigest === requestDigest(plan) ? { tenant: byKey } : { refusal: keyReused() };
  }
  return bySlug === null ? null : { refusal: slugTaken(plan.slug) };
}

/** Renames the tenant in scope; null when there is none of this id. A name that it has already changes nothing. */
export function renameTenant(service: Arthemiz, name: string): Promise<TenantRow | null> {
  const id = currentTenant();
  return service.transaction(async (unit) => {
    const before = await service.models.Tenant.findOneAndUpdate({ _id: id }, { $set: { name } }).lean();
    if (before === null) return null;
    const tenant = { ...before, name };
    if (before.name !== name) await tellTenantRenamed(unit, tenant);
    return tenant;
  });
}
