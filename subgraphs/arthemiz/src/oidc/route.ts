// The OpenID provider and its pages on this service's HTTP server.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Route } from '@supergraph/chassis/http';
import type Provider from 'oidc-provider';
import { mountPath } from '../config.ts';
import type { Arthemiz } from '../context.ts';
import { handleAccount, isAccountPath } from '../pages/account/route.ts';
import { handleLink, isLinkPath } from '../pages/links/route.ts';
import { passkeyScriptPath, sendPasskeyScript } from '../pages/passkey-script.ts';
import { handleSignIn } from '../pages/sign-in-route.ts';
import { handleSsoReturn, isSsoPath } from '../pages/sso/route.ts';
import { partsOf } from '../parts.ts';
import { assumePublicOrigin } from './origin.ts';
import { createProvider } from './provider.ts';

interface Serving {
  provider: Provider;
  callback: ReturnType<Provider['callback']>;
}

/** The route `/auth`. Reads, and on the very first start makes, the signing keys. */
export async function createOidcRoute(service: Arthemiz): Promise<Route> {
  const { keys } = partsOf(service);
  await keys.refresh();
  const signInPath = `${mountPath}/sign-in/`;
  let built = new Map<string, Serving>();

  /** Built anew when the keys have changed; requests in flight end with the one they began with. */
  function serving(isSecure: boolean): Serving {
    const set = keys.current();
    const name = `${isSecure} ${set.version}`;
    const known = built.get(name);
    if (known !== undefined) return known;
    const provider = createProvider(service, { keys: set, isSecure });
    const fresh = { provider, callback: provider.callback() };
    built = new Map([...[...built].filter(([other]) => other.endsWith(` ${set.version}`)), [name, fresh]]);
    return fresh;
  }

  return {
    path: mountPath,
    async handle(request: IncomingMessage, response: ServerResponse) {
      const { isSecure } = assumePublicOrigin(request, service.config);
      const { provider, callback } = serving(isSecure);
      const url = request.url ?? mountPath;
      if (url.startsWith(signInPath)) return handleSignIn({ service, provider, request, response });
      if (url === passkeyScriptPath) return sendPasskeyScript(request, response);
      const path = url.split('?', 1)[0] ?? url;
      if (isAccountPath(path)) return handleAccount({ service, provider, request, response });
      if (isSsoPath(path)) return handleSsoReturn({ service, request, response });
      if (isLinkPath(path)) return handleLink({ service, request, response });
      // How the provider learns, by its documentation, under which path it is mounted.
      const rest = url.slice(mountPath.length);
      Object.assign(request, { originalUrl: url, url: rest.startsWith('/') ? rest : `/${rest}` });
      await callback(request, response);
    },
  };
}
