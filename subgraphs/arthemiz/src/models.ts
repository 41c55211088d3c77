// All models of this subgraph and whose data they hold.
import { platformWide, tenantOwned } from '@supergraph/chassis/models';
import { apiKeySchema } from './api-keys/model.ts';
import { tenantBrandingSchema } from './branding/model.ts';
import { serviceClientSchema } from './clients/model.ts';
import { domainOwnerSchema, domainSchema } from './domains/model.ts';
import { elevationSchema } from './elevations/model.ts';
import { emailChangeSchema } from './email-changes/model.ts';
import { tenantExportSchema } from './exports/model.ts';
import { grantChangeSchema } from './grants/model.ts';
import { groupSchema } from './groups/model.ts';
import { invitationSchema } from './invitations/model.ts';
import { signingKeySchema } from './keys/model.ts';
import { erasureSchema } from './lifecycle/erasure-model.ts';
import { logoutNoticeSchema } from './logout-notices/model.ts';
import { mailSchema } from './mail/model.ts';
import { membershipSchema } from './memberships/model.ts';
import { artifactSchema } from './oidc/artifact-model.ts';
import { passkeyChallengeSchema } from './passkeys/challenge-model.ts';
import { passkeySchema } from './passkeys/model.ts';
import { attemptSchema } from './passwords/attempt-model.ts';
import { passwordSchema } from './passwords/model.ts';
import { passwordResetSchema } from './passwords/reset-model.ts';
import { personSchema } from './people/model.ts';
import { declarationSchema, provisioningSchema } from './provisioning/model.ts';
import { registeredClientSchema } from './registered-clients/model.ts';
import { tenantMoveSchema } from './residency/model.ts';
import { roleSchema } from './roles/model.ts';
import { authenticatorAppSchema } from './second-factors/authenticator-app-model.ts';
import { recoveryCodesSchema } from './second-factors/recovery-codes-model.ts';
import { separationSchema } from './separations/model.ts';
import { endedSessionSchema } from './sessions/model.ts';
import { identityLinkSchema } from './sso/link-model.ts';
import { ssoConnectionSchema } from './sso/model.ts';
import { takenAssertionSchema } from './sso/taken-assertion-model.ts';
import { ssoVisitSchema } from './sso/visit-model.ts';
import { tenantSchema } from './tenants/model.ts';

export const models = {
  Tenant: platformWide(tenantSchema, 'it lists the tenants themselves'),
  Person: platformWide(personSchema, 'a person belongs to several tenants, through memberships'),
  TenantBranding: tenantOwned(tenantBrandingSchema, { path: '_id' }),
  Membership: tenantOwned(membershipSchema),
  Role: tenantOwned(roleSchema),
  Provisioning: tenantOwned(provisioningSchema),
  StepDeclaration: platformWide(declarationSchema, 'it says what is done for every tenant'),
  TenantErasure: platformWide(erasureSchema, 'it outlives the tenant whose data was erased'),
  TenantMove: platformWide(tenantMoveSchema, 'operators move tenants, whose own data waits meanwhile'),
  TenantExport: tenantOwned(tenantExportSchema),
  Group: tenantOwned(groupSchema),
  Separation: tenantOwned(separationSchema),
  Elevation: tenantOwned(elevationSchema),
  Domain: tenantOwned(domainSchema),
  SsoConnection: tenantOwned(ssoConnectionSchema, { secret: ['oidc.sealedClientSecret'] }),
  IdentityLink: tenantOwned(identityLinkSchema),
  TakenAssertion: platformWide(takenAssertionSchema, 'it holds digests alone, of what nobody may use again'),
  SsoVisit: platformWide(ssoVisitSchema, 'a browser comes back before its tenant is known'),
  DomainOwner: platformWide(domainOwnerSchema, 'a domain leads to its tenant, and no two may have it'),
  ServiceClient: tenantOwned(serviceClientSchema, { secret: ['secretHash', 'previousSecret'] }),
  RegisteredClient: tenantOwned(registeredClientSchema, {
    secret: ['secretHash', 'registrationTokenHash'],
  }),
  LogoutNotice: tenantOwned(logoutNoticeSchema),
  ApiKey: tenantOwned(apiKeySchema, { secret: ['digest', 'previous.digest'] }),
  Invitation: tenantOwned(invitationSchema, { secret: ['linkDigest'] }),
  GrantChange: tenantOwned(grantChangeSchema),
  EndedSession: tenantOwned(endedSessionSchema),
  Password: platformWide(passwordSchema, 'a password is proof of the person, whichever the tenant'),
  PasswordReset: platformWide(passwordResetSchema, 'a password is proof of the person, whichever the tenant'),
  EmailChange: platformWide(emailChangeSchema, 'an address is the person’s, whichever the tenant'),
  Mail: platformWide(mailSchema, 'a mail goes to a person, who may be in several tenants or in none yet'),
  AuthenticatorApp: platformWide(
    authenticatorAppSchema,
    'a second factor is proof of the person, as the password is',
  ),
  Passkey: platformWide(passkeySchema, 'a passkey is proof of the person, whichever the tenant'),
  PasskeyChallenge: platformWide(passkeyChallengeSchema, 'nobody is known yet when a passkey is asked for'),
  RecoveryCodes: platformWide(recoveryCodesSchema, 'they stand in for a second factor of the person'),
  SignInAttempt: platformWide(attemptSchema, 'sign-ins are slowed down before their tenant is known'),
  SigningKey: platformWide(signingKeySchema, 'one issuer signs for all tenants'),
  OidcArtifact: platformWide(
    artifactSchema,
    'a browser session is one person, who may be in several tenants',
  ),
};
