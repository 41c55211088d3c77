// Where identity providers send people back to. Each connection has its own, so that answers can't be mixed up.
import { mountPath } from '../config.ts';

export const ssoPath = `${mountPath}/sso`;

export const callbackPath = (connectionId: string) => `${ssoPath}/${connectionId}/callback`;

/** SAML's assertion consumer service. */
export const acsPath = (connectionId: string) => `${ssoPath}/${connectionId}/acs`;
export const metadataPath = (connectionId: string) => `${ssoPath}/${connectionId}/metadata`;
