import { Session } from '@supergraph/session/session';

/** This page's session. */
export const session = new Session({ clientId: 'explorer', path: '/explorer/' });
