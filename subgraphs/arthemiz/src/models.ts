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
import { homeTaskSchema } from './home-tasks/model.ts';
import { invitationSchema } from './invitations/model.ts';
import { signingKeySchema } from './keys/model.ts';
import { erasureSchema } from './lifecycle/erasure-model.ts';
import { logoutNoticeSchema } from './logout-notices/model.ts';
import { mailSchema } from './mail/model.ts';
import { membershipSchema } from './memberships/model.ts';
import { removedMemberSchema } from './memberships/removal-model.ts';
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
import { accessRuleSchema } from './responses/access-rule-model.ts';
import { factorDemandSchema } from './responses/demand-model.ts';
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
import { tenantTurnsSchema } from './turns/model.ts';

export const models = {
  Tenant: platformWide(tenantSchema, 'it lists the tenants themselves', {
    people: {
      mentions: {
        ownerEmail: 'whom operators had invited is shown by the invitation',
        createdBy: 'what operators decide is the record of the platform',
        'suspension.by': 'what operators decide is the record of the platform',
        'deletion.by': 'what operators decide is the record of the platform',
      },
    },
  }),
  Person: platformWide(personSchema, 'a person belongs to several tenants, through memberships', {
    people: {
      about: ['_id'],
      mentions: { email: 'it is shown by the id', vouchedBy: 'it names a connection of a tenant' },
    },
  }),
  TenantBranding: tenantOwned(tenantBrandingSchema, { path: '_id', residence: 'region' }),
  Membership: tenantOwned(membershipSchema, {
    residence: 'region',
    people: {
      about: ['personId'],
      mentions: { 'directory.userName': 'it is shown by the id' },
      kept: { because: 'each ends by the rules of its tenant before the person goes', without: [] },
    },
  }),
  RemovedMember: tenantOwned(removedMemberSchema, {
    residence: 'region',
    secret: ['addressDigest'],
    people: {
      about: ['personId'],
      mentions: {
        email: 'it is shown by the id',
        removedBy: 'who decided it is the tenant’s to tell',
      },
      kept: {
        because: 'who was removed must not come back as somebody new',
        without: ['email', 'displayName'],
      },
    },
  }),
  Role: tenantOwned(roleSchema, { residence: 'region' }),
  Provisioning: tenantOwned(provisioningSchema),
  StepDeclaration: platformWide(declarationSchema, 'it says what is done for every tenant'),
  TenantErasure: platformWide(erasureSchema, 'it outlives the tenant whose data was erased'),
  TenantMove: platformWide(tenantMoveSchema, 'operators move tenants, whose own data waits meanwhile'),
  TenantExport: tenantOwned(tenantExportSchema, {
    residence: 'region',
    people: { mentions: { requestedBy: 'it is about the tenant, and gone after a week' } },
  }),
  Group: tenantOwned(groupSchema, { residence: 'region' }),
  Separation: tenantOwned(separationSchema, { residence: 'region' }),
  Elevation: tenantOwned(elevationSchema, {
    residence: 'region',
    people: {
      about: ['personId'],
      mentions: { decidedBy: 'it is about who asked' },
      kept: { because: 'the tenant can say for 90 days who held which role, and why', without: [] },
    },
  }),
  Domain: tenantOwned(domainSchema, { residence: 'region' }),
  SsoConnection: tenantOwned(ssoConnectionSchema, {
    residence: 'region',
    secret: ['oidc.sealedClientSecret'],
  }),
  IdentityLink: tenantOwned(identityLinkSchema, {
    residence: 'region',
    people: { about: ['personId'], mentions: { subject: 'it is shown with the rest of the link' } },
  }),
  TakenAssertion: platformWide(takenAssertionSchema, 'it holds digests alone, of what nobody may use again'),
  SsoVisit: platformWide(ssoVisitSchema, 'a browser comes back before its tenant is known'),
  DomainOwner: platformWide(domainOwnerSchema, 'a domain leads to its tenant, and no two may have it'),
  ServiceClient: tenantOwned(serviceClientSchema, {
    residence: 'region',
    secret: ['secretHash', 'previousSecret'],
    people: { about: ['createdBy'], kept: { because: 'it is a program of the tenant', without: [] } },
  }),
  RegisteredClient: tenantOwned(registeredClientSchema, {
    residence: 'region',
    secret: ['secretHash', 'registrationTokenHash'],
    people: { about: ['createdBy'], kept: { because: 'it is an application of the tenant', without: [] } },
  }),
  LogoutNotice: tenantOwned(logoutNoticeSchema, {
    people: {
      about: ['personId'],
      kept: { because: 'applications have yet to hear that the person is signed out', without: [] },
    },
  }),
  ApiKey: tenantOwned(apiKeySchema, {
    residence: 'region',
    secret: ['digest', 'previous.digest'],
    people: {
      about: ['createdBy'],
      kept: { because: 'the tenant sees for 30 days which keys there were', without: [] },
    },
  }),
  Invitation: tenantOwned(invitationSchema, {
    residence: 'region',
    secret: ['linkDigest'],
    people: {
      about: ['acceptedBy'],
      mentions: {
        email: 'those of the person’s address are shown by it (personal-data/sources.ts)',
        invitedBy: 'it is about who is invited',
      },
    },
  }),
  AccessRule: tenantOwned(accessRuleSchema, {
    people: { mentions: { value: 'whom a tenant blocks or never blocks is its own record, by an id alone' } },
  }),
  FactorDemand: tenantOwned(factorDemandSchema, { people: { about: ['personId'] } }),
  GrantChange: tenantOwned(grantChangeSchema, {
    people: { mentions: { subject: 'it tells gateways for half an hour to ask anew' } },
  }),
  EndedSession: tenantOwned(endedSessionSchema),
  HomeTask: tenantOwned(homeTaskSchema, { residence: 'region', secret: ['data'] }),
  // After all whose writes count here, so that an erasure leaves it until nothing counts any more.
  TenantTurns: tenantOwned(tenantTurnsSchema, { path: '_id', residence: 'region' }),
  Password: platformWide(passwordSchema, 'a password is proof of the person, whichever the tenant', {
    secret: ['hash'],
    people: { about: ['_id'] },
  }),
  PasswordReset: platformWide(
    passwordResetSchema,
    'a password is proof of the person, whichever the tenant',
    { secret: ['_id'], people: { about: ['personId'], mentions: { email: 'it is shown by the id' } } },
  ),
  EmailChange: platformWide(emailChangeSchema, 'an address is the person’s, whichever the tenant', {
    secret: ['_id'],
    people: { about: ['personId'] },
  }),
  // Whom a mail goes to is sealed with it, and gone when it is sent.
  Mail: platformWide(mailSchema, 'a mail goes to a person, who may be in several tenants or in none yet'),
  AuthenticatorApp: platformWide(
    authenticatorAppSchema,
    'a second factor is proof of the person, as the password is',
    { secret: ['sealedSecret'], people: { about: ['_id'] } },
  ),
  Passkey: platformWide(passkeySchema, 'a passkey is proof of the person, whichever the tenant', {
    people: { about: ['personId'] },
  }),
  PasskeyChallenge: platformWide(passkeyChallengeSchema, 'nobody is known yet when a passkey is asked for'),
  RecoveryCodes: platformWide(recoveryCodesSchema, 'they stand in for a second factor of the person', {
    secret: ['digests'],
    people: { about: ['_id'] },
  }),
  SignInAttempt: platformWide(attemptSchema, 'sign-ins are slowed down before their tenant is known'),
  SigningKey: platformWide(signingKeySchema, 'one issuer signs for all tenants'),
  OidcArtifact: platformWide(
    artifactSchema,
    'a browser session is one person, who may be in several tenants',
    {
      secret: ['_id', 'payload', 'userCode', 'useId', 'grantId', 'uid', 'sessionUid'],
      people: { about: ['accountId'], mentions: { endedBy: 'it is about whose session it was' } },
    },
  ),
};
