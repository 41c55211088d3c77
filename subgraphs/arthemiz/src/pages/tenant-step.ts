// Second step, for those who belong to several tenants: in which one?
import { z } from 'zod';
import { joinedTenants } from '../memberships/standing.ts';
import { enterTenant } from './enter-tenant.ts';
import { tenantForm } from './forms.ts';
import { passwordStep } from './password-step.ts';
import type { SignIn } from './sign-in-route.ts';

const authenticated = z.object({ personId: z.string() });

export async function tenantStep(signIn: SignIn): Promise<void> {
  const { service, interaction, form, csrf, clientName } = signIn;
  // Somebody went back to the first page and sent it again, perhaps as another person.
  if (form?.has('password')) return passwordStep(signIn);
  const { personId } = authenticated.parse(interaction.result?.authenticated);
  const person = await service.models.Person.findOne({ _id: personId }).lean();
  const tenants = await joinedTenants(service, personId);
  const chosen = tenants.find(({ tenantId }) => tenantId === form?.get('tenant'));
  if (person !== null && chosen !== undefined)
    return enterTenant(signIn, { person, tenantId: chosen.tenantId });
  const error = form === null ? null : 'Choose one of your tenants.';
  const title = error === null ? 'Choose a tenant' : 'Error: Choose a tenant';
  signIn.show({
    title,
    status: error === null ? 200 : 400,
    body: tenantForm({ csrf, clientName, tenants, error }),
  });
}
