// Whether a person lets an application of a third party act in their name. It has given itself its name, so the page says
// too who let it register and where it goes on.
import { partsOf } from '../parts.ts';
import type { RegisteredClientRow } from '../registered-clients/model.ts';
import { scopes as knownScopes } from '../registered-clients/rules.ts';
import { actions } from './forms.ts';
import { html } from './html.ts';
import type { SignIn } from './sign-in-route.ts';

export async function thirdPartyConsentStep(
  signIn: SignIn,
  { name, tenantId }: RegisteredClientRow,
): Promise<void> {
  const { service, form, interaction, csrf, words } = signIn;
  // With what the sign-in before it has said: the tenant, and that there was one.
  if (form !== null) return signIn.finish({ ...interaction.lastSubmission, consent: {} });
  const { scope, redirect_uri: redirectUri } = interaction.params;
  const asked = typeof scope === 'string' ? scope.split(' ') : [];
  const tenant = await partsOf(service).tenants(tenantId);
  const place = URL.parse(String(redirectUri))?.host ?? '';
  signIn.show({
    lang: words.lang,
    title: words.consent.title,
    body: html`<h1>${words.consent.heading(name)}</h1>
<p>${words.consent.lead({ client: name, tenant: tenant?.name ?? '' })}</p>
<ul>
<li>${words.consent.act(tenant?.name ?? '')}</li>
${knownScopes
  .filter((one) => asked.includes(one))
  .map(
    (one) => html`<li>${words.consent.scopes[one]}</li>
`,
  )}</ul>
<p class="quiet">${words.consent.place(place)}</p>
<form method="post">
<input type="hidden" name="csrf" value="${csrf}">
${actions(words, words.consent.allow)}
</form>`,
  });
}
