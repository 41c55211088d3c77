// Expected reasons for which nothing became of a connection, as the schema's SsoError types state them.
import type { z } from 'zod';
import { permissionNotHeld, roleNotFound } from '../roles/refusals.ts';
import { maximumConnections } from './rules.ts';

export type SsoRefusal =
  | { __typename: 'InvalidSsoInput'; message: string; field: string }
  | { __typename: 'SsoConnectionNotFound'; message: string }
  | { __typename: 'SsoConnectionNameTaken'; message: string }
  | { __typename: 'SsoConnectionLimitReached'; message: string }
  | { __typename: 'SsoConnectionUnproven'; message: string }
  | { __typename: 'IdentityProviderUnreachable'; message: string }
  | ReturnType<typeof roleNotFound>
  | ReturnType<typeof permissionNotHeld>;

/** One refusal for each problem that the schema found. */
export function invalidInput({ issues }: z.ZodError): SsoRefusal[] {
  return issues.map(({ path, message }) => {
    const field = path.join('.');
    return { __typename: 'InvalidSsoInput', message: `The ${field} ${message}.`, field };
  });
}

export const domainsNotVerified = (): SsoRefusal => ({
  __typename: 'InvalidSsoInput',
  message: 'The domainIds name a domain that the tenant has not verified.',
  field: 'domainIds',
});

export const otherProtocol = (protocol: string): SsoRefusal => ({
  __typename: 'InvalidSsoInput',
  message: `The connection speaks ${protocol}. Create another one for another protocol.`,
  field: protocol === 'OIDC' ? 'saml' : 'oidc',
});

export const connectionNotFound = (): SsoRefusal => ({
  __typename: 'SsoConnectionNotFound',
  message: 'The tenant has no connection of this id.',
});

export const connectionNameTaken = (name: string): SsoRefusal => ({
  __typename: 'SsoConnectionNameTaken',
  message: `Another connection has the name "${name}". Choose a different one.`,
});

export const connectionLimitReached = (): SsoRefusal => ({
  __typename: 'SsoConnectionLimitReached',
  message: `The tenant has ${maximumConnections} connections, which is the most. Delete one first.`,
});

/** Whoever required one that does not work would lock everybody out, themselves included. */
export const connectionUnproven = (): SsoRefusal => ({
  __typename: 'SsoConnectionUnproven',
  message: 'Nobody has signed in by this connection as it is now. Sign in by it once, then require it.',
});

export const providerUnreachable = (issuer: string): SsoRefusal => ({
  __typename: 'IdentityProviderUnreachable',
  message: `The discovery document of ${issuer} could not be read, or names another issuer. It has to be on a public address and to answer without a redirect.`,
});

export { permissionNotHeld, roleNotFound };
