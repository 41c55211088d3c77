// Last question, for those who belong to several tenants: in which one?
import { openTenants } from '../memberships/standing.ts';
import { tenantForm } from './forms.ts';
import { admit, type Progress } from './progress.ts';
import type { SignIn } from './sign-in-route.ts';

export async function tenantStep(signIn: SignIn, { personId, amr, federation }: Progress): Promise<void> {
  const { service, form, csrf, clientName, words } = signIn;
  const person = await service.models.Person.findOne({ _id: personId }).lean();
  const tenants = await openTenants(service, personId);
  const chosen = tenants.find(({ tenantId }) => tenantId === form?.get('tenant'));
  if (person !== null && chosen !== undefined)
    return admit(signIn, { person, amr, federation, tenantId: chosen.tenantId });
  const error = form === null ? null : words.tenant.incomplete;
  const { title } = words.tenant;
  signIn.show({
    title: error === null ? title : words.error(title),
    status: error === null ? 200 : 400,
    body: tenantForm({ csrf, clientName, words, tenants, error }),
  });
}
