// What may be registered (RFC 7591, 2). Pure.
import { z } from 'zod';
import { publicKeys } from '../clients/public-keys.ts';
import { sameName } from '../roles/rules.ts';
import { applicationTypes, authenticationMethods } from './model.ts';

/** Registered clients of a tenant. */
export const maximumRegisteredClients = 100;

/** All that an application can ask a person for. */
export const scopes = ['openid', 'offline_access', 'profile', 'email'] as const;

const loopback = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * Where codes may go: by https, or to a program on the person's own computer. Compared as it is written, so it has to be
 * written as browsers write it.
 */
export function isRedirectUri(value: string): boolean {
  const url = URL.parse(value);
  if (url === null || url.username !== '' || url.password !== '' || /[#*]/.test(value)) return false;
  if (value !== url.href && `${value}/` !== url.href) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.includes(url.hostname));
}

const redirectUri = z.string().max(500, 'is longer than 500 characters').refine(isRedirectUri, {
  error:
    'is neither an https address nor an http address of the loopback, or has a fragment, a user or a "*"',
});

/** Read by people who decide whether to trust it: nothing that is invisible or turns the line around. */
const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(60, 'is longer than 60 characters')
  .regex(/^\P{C}+$/u, 'has characters that nobody sees');

const grantType = z.enum(['authorization_code', 'refresh_token']);

const scope = z
  .string()
  .max(200)
  .refine((given) => given.split(' ').every((one) => scopes.some((known) => known === one)), {
    error: `may name ${scopes.join(', ')}`,
  });

const metadata = z.object({
  client_name: name,
  redirect_uris: z
    .array(redirectUri)
    .min(1, 'must not be empty')
    .max(10, 'has more than 10 entries')
    .transform((uris) => [...new Set(uris)]),
  application_type: z.enum(applicationTypes).default('web'),
  token_endpoint_auth_method: z.enum(authenticationMethods).default('client_secret_basic'),
  grant_types: z
    .array(grantType)
    .max(10)
    .transform((types) => [...new Set(types)])
    .refine((types) => types.includes('authorization_code'), 'has to name authorization_code')
    .default(['authorization_code']),
  response_types: z.array(z.literal('code')).max(1).optional(),
  scope: scope.default(scopes.join(' ')),
  id_token_signed_response_alg: z.literal('ES256').optional(),
  backchannel_logout_uri: redirectUri.optional(),
  jwks: z.object({ keys: publicKeys }).optional(),
  jwks_uri: z.undefined('is not fetched: send the keys themselves as jwks').optional(),
});

/** A registration; what else it says is left out, as the answer shows (RFC 7591, 2). */
export const registration = metadata
  .refine(
    ({ token_endpoint_auth_method: method, jwks }) => (method === 'private_key_jwt') === (jwks !== undefined),
    { error: 'belongs to private_key_jwt, and to nothing else', path: ['jwks'] },
  )
  .refine(({ application_type: type, backchannel_logout_uri: uri }) => type === 'web' || uri === undefined, {
    error: 'is for web applications: a program on a computer of its person hears nothing',
    path: ['backchannel_logout_uri'],
  });

export type Registration = z.infer<typeof registration>;

/** What a change says of the client besides: which one it is, and never what the server says (RFC 7592, 2.2). */
export const changedRegistration = registration.and(
  z.object({
    client_id: z.string(),
    client_secret: z.string().max(200).optional(),
    registration_access_token: z.undefined('is not for clients to say').optional(),
    registration_client_uri: z.undefined('is not for clients to say').optional(),
    client_secret_expires_at: z.undefined('is not for clients to say').optional(),
    client_id_issued_at: z.undefined('is not for clients to say').optional(),
  }),
);

/** Whether people would take it for one of the platform's own. */
export function isImpersonating(clientName: string, ownNames: readonly string[]): boolean {
  return ownNames.some((own) => sameName(own, clientName));
}

/** Whether such a client proves itself by a secret. */
export function needsSecret({ token_endpoint_auth_method: method }: Registration): boolean {
  return method === 'client_secret_basic' || method === 'client_secret_post';
}
