// Why nothing was registered, in the standards' codes (RFC 7591, 3.2.2; RFC 6750, 3.1).
import type { ZodError } from 'zod';

export class RegistrationError extends Error {
  readonly status: number;
  readonly code: string;

  constructor({ status, code, message }: { status: number; code: string; message: string }) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export const invalidToken = (message: string) =>
  new RegistrationError({ status: 401, code: 'invalid_token', message });

export const insufficientScope = (permission: string) =>
  new RegistrationError({
    status: 403,
    code: 'insufficient_scope',
    message: `That takes the permission ${permission}.`,
  });

export const invalidMetadata = (message: string) =>
  new RegistrationError({ status: 400, code: 'invalid_client_metadata', message });

export const methodNotAllowed = () =>
  new RegistrationError({ status: 405, code: 'invalid_request', message: 'There is no such method here.' });

/** The first thing that was wrong with what was sent. */
export function invalidRegistration({ issues: [issue] }: ZodError): RegistrationError {
  const path = issue?.path.join('.') ?? '';
  const code = path.startsWith('redirect_uris') ? 'invalid_redirect_uri' : 'invalid_client_metadata';
  const message = path === '' ? 'The body is a JSON object.' : `${path}: ${issue?.message}`;
  return new RegistrationError({ status: 400, code, message });
}
