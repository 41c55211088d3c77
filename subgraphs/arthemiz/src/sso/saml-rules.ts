// Whether a signed assertion is meant for us, now, and for the one who was sent (SAML 2.0 Profiles, 4.1.4.3), and whom it
// names. Pure. The library has verified the signature and read exactly the XML that was signed.
import { z } from 'zod';
import type { Identity } from './rules.ts';

/** Clocks of providers may differ from ours by so much. */
export const clockSkewMs = 120_000;

const bearer = 'urn:oasis:names:tc:SAML:2.0:cm:bearer';
const transientFormat = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient';
const emailFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress';

/** Classes of authentication that take two ways of proving oneself. */
const twoFactorClasses = new Set([
  'https://refeds.org/profile/mfa',
  'http://schemas.microsoft.com/claims/multipleauthn',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:MobileTwoFactorContract',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:TimeSyncToken',
]);

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const text = z.object({ _: z.string().min(1) });
const attributes = <Shape extends z.ZodRawShape>(shape: Shape) => z.object({ $: z.object(shape) });

const validity = { NotBefore: instant.optional(), NotOnOrAfter: instant };
const values = z.array(z.object({ _: z.string().optional() })).optional();

/** As xml2js reads it: each element a list, its attributes under `$`, its text under `_`. */
const assertion = z.object({
  Assertion: z.object({
    $: z.object({ ID: z.string().min(1).max(500) }),
    Issuer: z.tuple([text]),
    Subject: z.tuple([
      z.object({
        NameID: z.tuple([text.extend({ $: z.object({ Format: z.string().optional() }).optional() })]),
        SubjectConfirmation: z
          .array(
            attributes({ Method: z.string() }).extend({
              SubjectConfirmationData: z
                .tuple([
                  attributes({
                    ...validity,
                    NotOnOrAfter: instant.optional(),
                    Recipient: z.string().optional(),
                    InResponseTo: z.string().optional(),
                  }),
                ])
                .optional(),
            }),
          )
          .min(1),
      }),
    ]),
    Conditions: z.tuple([
      attributes(validity).extend({
        AudienceRestriction: z.array(z.object({ Audience: z.array(text).min(1) })).min(1),
      }),
    ]),
    AuthnStatement: z
      .array(
        z.object({
          AuthnContext: z.array(z.object({ AuthnContextClassRef: z.array(text).optional() })).optional(),
        }),
      )
      .min(1),
    AttributeStatement: z
      .array(
        z.object({
          Attribute: z.array(attributes({ Name: z.string() }).extend({ AttributeValue: values })).optional(),
        }),
      )
      .optional(),
  }),
});

export interface Expected {
  issuer: string;
  audience: string;
  recipient: string;
  requestId: string;
  groupsClaim: string;
  now: Date;
}

export interface ReadAssertion {
  /** Names the assertion at its issuer for ever: it is taken once. */
  assertionId: string;
  /** From then on nobody takes it any more. */
  expiresAt: Date;
  identity: Identity;
}

const emailNames = [
  'email',
  'mail',
  'urn:oid:0.9.2342.19200300.100.1.3',
  'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
];
const nameNames = [
  'displayName',
  'name',
  'urn:oid:2.16.840.1.113730.3.1.241',
  'http://schemas.microsoft.com/identity/claims/displayname',
];

/** @throws for an assertion that is none for us, now, and for this request */
export function readAssertion(parsed: unknown, expected: Expected): ReadAssertion {
  const { Assertion: given } = assertion.parse(parsed);
  const [{ _: issuer }] = given.Issuer;
  if (issuer !== expected.issuer) throw new Error('The assertion is of another issuer.');
  const [conditions] = given.Conditions;
  if (!isValid(conditions.$, expected.now)) throw new Error('The assertion is not valid at this time.');
  // Each restriction has to name us: together they narrow.
  const isForUs = conditions.AudienceRestriction.every(({ Audience }) =>
    Audience.some(({ _ }) => _ === expected.audience),
  );
  if (!isForUs) throw new Error('The assertion is for another audience.');
  const [subject] = given.Subject;
  const isConfirmed = subject.SubjectConfirmation.some(({ $: { Method }, SubjectConfirmationData: data }) => {
    const said = data?.[0].$;
    return (
      Method === bearer &&
      said?.Recipient === expected.recipient &&
      said.InResponseTo === expected.requestId &&
      said.NotOnOrAfter !== undefined &&
      isValid({ ...said, NotOnOrAfter: said.NotOnOrAfter }, expected.now)
    );
  });
  if (!isConfirmed) throw new Error('The assertion confirms nobody who was sent from here.');
  const [nameId] = subject.NameID;
  const format = nameId.$?.Format;
  if (format === transientFormat)
    throw new Error('The NameID is transient: it names somebody else tomorrow.');

  const said = (names: readonly string[]) =>
    (given.AttributeStatement ?? [])
      .flatMap(({ Attribute }) => Attribute ?? [])
      .filter(({ $ }) => names.includes($.Name))
      .flatMap(({ AttributeValue }) => (AttributeValue ?? []).flatMap(({ _ }) => _ ?? []));
  const email = said(emailNames)[0] ?? (format === emailFormat ? nameId._ : null);
  const classes = given.AuthnStatement.flatMap(({ AuthnContext }) => AuthnContext ?? [])
    .flatMap(({ AuthnContextClassRef }) => AuthnContextClassRef ?? [])
    .map(({ _ }) => _.trim());
  return {
    assertionId: given.$.ID,
    expiresAt: new Date(conditions.$.NotOnOrAfter.getTime() + clockSkewMs),
    identity: {
      subject: nameId._,
      email,
      name: said(nameNames)[0]?.slice(0, 200) ?? null,
      groups: said([expected.groupsClaim]).slice(0, 1_000),
      hasSecondFactor: classes.some((one) => twoFactorClasses.has(one)),
    },
  };
}

function isValid(
  { NotBefore, NotOnOrAfter }: { NotBefore?: Date | undefined; NotOnOrAfter: Date },
  now: Date,
): boolean {
  const hasBegun = NotBefore === undefined || now.getTime() + clockSkewMs >= NotBefore.getTime();
  return hasBegun && now.getTime() - clockSkewMs < NotOnOrAfter.getTime();
}

const allowedAlgorithms = new Set([
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]);

/**
 * What is refused before anything is parsed: document types, which only attackers send, and algorithms that are broken, or
 * that take the public key for a shared secret.
 */
export function refuseDangerousXml(xml: string): void {
  if (/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(xml))
    throw new Error('The response has a document type.');
  for (const [, algorithm = ''] of xml.matchAll(
    /<(?:[\w.-]+:)?(?:SignatureMethod|DigestMethod)\b[^>]*?\bAlgorithm\s*=\s*["']([^"']*)["']/g,
  ))
    if (!allowedAlgorithms.has(algorithm))
      throw new Error(`The response is signed by ${algorithm.slice(0, 100)}.`);
}
