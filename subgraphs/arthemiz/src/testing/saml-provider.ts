// For tests only: a tenant's identity provider that speaks SAML, by another library than ours.
// @peculiar/x509 resolves its parts with tsyringe, which wants this first.
import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { X509CertificateGenerator } from '@peculiar/x509';
import * as samlify from 'samlify';

export interface SamlClaims {
  nameId: string;
  email: string;
  groups?: string[];
  /** Default: as the request asks for. */
  audience?: string;
  recipient?: string;
  inResponseTo?: string;
  issuer?: string;
  assertionId?: string;
  /** By how much the provider's clock is ahead. */
  skewMs?: number;
}

export type SamlProvider = Awaited<ReturnType<typeof startSamlProvider>>;

samlify.setSchemaValidator({ validate: async () => 'not validated' });

export async function startSamlProvider(signOnUrl: string) {
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]) };
  const keys = await crypto.subtle.generateKey({ ...algorithm, modulusLength: 2048 }, true, [
    'sign',
    'verify',
  ]);
  const certificate = await X509CertificateGenerator.createSelfSigned({ name: 'CN=provider', keys });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const entityId = `${signOnUrl}/entity`;
  const idp = samlify.IdentityProvider({
    metadata: metadataOf({ entityId, signOnUrl, certificate: certificate.toString('base64') }),
    privateKey: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`,
    requestSignatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    isAssertionEncrypted: false,
  });

  return {
    settings: { entityId, signOnUrl, certificates: [certificate.toString('pem')] },
    /** Answers a request, whose service provider has this metadata, with a signed assertion: the XML of the response. */
    async respond(url: URL, metadata: string, claims: SamlClaims): Promise<string> {
      const sp = samlify.ServiceProvider({ metadata });
      const query = Object.fromEntries(url.searchParams);
      const { extract } = await idp.parseLoginRequest(sp, 'redirect', { query });
      const asked = {
        request: { id: String(extract.request?.id) },
        acs: String(sp.entityMeta.getAssertionConsumerService('post')),
      };
      const { context } = await idp.createLoginResponse(sp, { extract }, 'post', {}, () => ({
        id: 'unused',
        context: responseOf({
          inResponseTo: asked.request.id,
          recipient: asked.acs,
          audience: String(sp.entityMeta.getEntityID()),
          issuer: entityId,
          assertionId: `_${randomUUID()}`,
          skewMs: 0,
          groups: [],
          ...claims,
        }),
      }));
      return Buffer.from(context, 'base64').toString('utf8');
    },
  };
}

function metadataOf(given: { entityId: string; signOnUrl: string; certificate: string }): string {
  const { entityId, signOnUrl, certificate } = given;
  return `<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="${entityId}"><IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"><KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></KeyDescriptor><SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${signOnUrl}"/></IDPSSODescriptor></EntityDescriptor>`;
}

function responseOf(claims: Required<SamlClaims>): string {
  const { inResponseTo, recipient, audience, issuer, assertionId, skewMs, groups, nameId, email } = claims;
  const at = (offsetMs: number) => new Date(Date.now() + skewMs + offsetMs).toISOString();
  const [now, end] = [at(0), at(300_000)];
  const attribute = (name: string, values: readonly string[]) =>
    `<saml:Attribute Name="${name}">${values.map((value) => `<saml:AttributeValue>${value}</saml:AttributeValue>`).join('')}</saml:Attribute>`;
  return `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${randomUUID()}" Version="2.0" IssueInstant="${now}" Destination="${recipient}" InResponseTo="${inResponseTo}"><saml:Issuer>${issuer}</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status><saml:Assertion ID="${assertionId}" Version="2.0" IssueInstant="${now}"><saml:Issuer>${issuer}</saml:Issuer><saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${nameId}</saml:NameID><saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData NotOnOrAfter="${end}" Recipient="${recipient}" InResponseTo="${inResponseTo}"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions NotBefore="${now}" NotOnOrAfter="${end}"><saml:AudienceRestriction><saml:Audience>${audience}</saml:Audience></saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant="${now}"><saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement>${attribute('email', [email])}${attribute('groups', groups)}</saml:AttributeStatement></saml:Assertion></samlp:Response>`;
}
