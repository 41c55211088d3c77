// Makes the demo installation's tenants, people and service clients. Each step looks at what is there already, so a
// run that was cut short is completed by the next one.
import { registerServiceClient } from '../clients/registration.ts';
import type { Arthemiz } from '../context.ts';
import { joinTenant } from '../memberships/joining.ts';
import { partsOf } from '../parts.ts';
import { setPassword } from '../passwords/authentication.ts';
import { registerPerson } from '../people/registration.ts';
import { platformRoles } from '../roles/rules.ts';
import { createTenant, type TenantPlan } from '../tenants/provisioning.ts';
import { platformTenant } from '../tenants/rules.ts';
import { demoTenants, displayNameOf, openAccounts } from './accounts.ts';

/** Seeds the installation and returns how many accounts it has. */
export async function seedDemo(
  service: Arthemiz,
  { accountsFile }: { accountsFile: string },
): Promise<number> {
  const { accounts, clients } = await openAccounts(accountsFile);
  const tenantIds = await seedTenants(service);
  const tenantIdOf = (slug: string) => {
    const id = tenantIds.get(slug);
    if (id === undefined)
      throw new Error(`The file of demo accounts names a tenant that is not there: ${slug}.`);
    return id;
  };
  for (const { email, password, tenant, role } of accounts) {
    const person = await registerPerson(service, { email, displayName: displayNameOf(email) });
    await keepPassword(service, { personId: person._id, password });
    await joinTenant(service, { personId: person._id, tenantId: tenantIdOf(tenant), roleNames: [role] });
  }
  for (const { clientId, clientSecret, tenant, role } of clients) {
    const plan = { id: clientId, name: 'Demo service', tenantId: tenantIdOf(tenant), roleNames: [role] };
    await registerServiceClient(service, { ...plan, secret: clientSecret });
  }
  return accounts.length;
}

async function seedTenants(service: Arthemiz): Promise<Map<string, string>> {
  const plans: TenantPlan[] = [
    { ...platformTenant, roles: platformRoles, idempotencyKey: 'demo:platform' },
    ...demoTenants.map((tenant) => ({ ...tenant, idempotencyKey: `demo:${tenant.slug}` })),
  ];
  const ids = new Map<string, string>();
  for (const plan of plans) {
    const outcome = await createTenant(service, plan);
    if ('refusal' in outcome) throw new Error(outcome.refusal.message);
    ids.set(plan.slug, outcome.tenant._id);
  }
  return ids;
}

/** Sets the password unless it is that already: the file may be newer than the account. */
async function keepPassword(
  service: Arthemiz,
  { personId, password }: { personId: string; password: string },
): Promise<void> {
  const stored = await service.models.Password.findOne({ _id: personId }).lean();
  if (stored !== null && (await partsOf(service).passwords.verify(password, stored.hash))) return;
  await setPassword(service, { personId, password });
}
