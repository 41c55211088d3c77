// Dynamic client registration: POST registers a client (RFC 7591), and below it the client is read, changed and removed
// (RFC 7592). Not by oidc-provider's own, which keeps secrets as they are and knows no tenants.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { readJsonBody } from '@supergraph/chassis/body';
import { inTime } from '@supergraph/chassis/deadline';
import type { Route } from '@supergraph/chassis/http';
import { statusOf } from '@supergraph/chassis/problem';
import { inTenant } from '@supergraph/chassis/tenancy';
import type { ZodType } from 'zod';
import { bearerHolder, bearerOf } from '../access/bearers.ts';
import { isClientSecret } from '../clients/secrets.ts';
import { mountPath } from '../config.ts';
import type { Arthemiz } from '../context.ts';
import { isOpenTenant } from '../lifecycle/openness.ts';
import { firstPartyClients } from '../oidc/clients.ts';
import {
  insufficientScope,
  invalidMetadata,
  invalidRegistration,
  invalidToken,
  methodNotAllowed,
  RegistrationError,
} from './errors.ts';
import type { RegisteredClientRow } from './model.ts';
import { clientRegister } from './permissions.ts';
import { findRegisteredClient, registeredMetadata } from './reading.ts';
import { changeClient, type Registered, registerClient, removeClient } from './registering.ts';
import { changedRegistration, isImpersonating, type Registration, registration } from './rules.ts';

const path = `${mountPath}/register`;
const maximumBytes = 32_768;

/** Where clients register. */
export function registrationEndpoint({ config }: Pick<Arthemiz, 'config'>): string {
  return `${config.ISSUER}/register`;
}

interface Answer {
  status: number;
  body?: object;
}

export function createRegistrationRoute(service: Arthemiz): Route {
  const { OPERATION_DEADLINE_MS: deadlineMs } = service.config;
  const otherwise = () => {
    const message = 'It took too long and was given up.';
    throw new RegistrationError({ status: 504, code: 'server_error', message });
  };
  return {
    path,
    async handle(request, response) {
      try {
        send(response, await inTime(answerTo(service, request), { deadlineMs, otherwise }));
      } catch (error) {
        sendError(response, { service, error });
      }
    },
  };
}

function answerTo(service: Arthemiz, request: IncomingMessage): Promise<Answer> {
  const { pathname } = new URL(request.url ?? path, service.config.ISSUER);
  const id = pathname.slice(path.length + 1);
  return id === '' ? register(service, request) : manage(service, { request, id });
}

async function register(service: Arthemiz, request: IncomingMessage): Promise<Answer> {
  if (request.method !== 'POST') throw methodNotAllowed();
  const token = bearerOf(request);
  if (token === null)
    throw invalidToken('Expected "Authorization: Bearer" with an API key or an access token of the tenant.');
  const holder = await bearerHolder(service, token);
  if (holder === null) throw invalidToken('The API key or access token is not valid, or not any more.');
  if (!holder.permissions.includes(clientRegister)) throw insufficientScope(clientRegister);
  const given = await readRegistration(service, { request, schema: registration });
  const { registrationToken, ...registered } = await inTenant(holder.tenantId, () =>
    registerClient(service, { given, createdBy: holder.id }),
  );
  return { status: 201, body: told(service, { ...registered, registrationToken }) };
}

async function manage(
  service: Arthemiz,
  { request, id }: { request: IncomingMessage; id: string },
): Promise<Answer> {
  const registrationToken = bearerOf(request) ?? '';
  const client = await findRegisteredClient(service, id);
  const isKnown = client !== null && isClientSecret(registrationToken, client.registrationTokenHash);
  if (!isKnown || !(await isOpenTenant(service, client.tenantId)))
    throw invalidToken('There is no such client, or this is not its registration access token.');
  return inTenant(client.tenantId, async () => {
    if (request.method === 'GET')
      return { status: 200, body: told(service, { client, secret: null, registrationToken }) };
    if (request.method === 'DELETE') {
      await removeClient(service, { client, changedBy: null });
      return { status: 204 };
    }
    if (request.method !== 'PUT') throw methodNotAllowed();
    return { status: 200, body: await change(service, { request, client, registrationToken }) };
  });
}

async function change(
  service: Arthemiz,
  {
    request,
    client,
    registrationToken,
  }: { request: IncomingMessage; client: RegisteredClientRow; registrationToken: string },
): Promise<object> {
  const given = await readRegistration(service, { request, schema: changedRegistration });
  if (given.client_id !== client._id) throw invalidMetadata('client_id: is that of another client');
  if (given.client_secret !== undefined && !isClientSecret(given.client_secret, client.secretHash ?? ''))
    throw invalidMetadata('client_secret: is not the one that the client has');
  const changed = await changeClient(service, { client, given, changedBy: null });
  if (changed === null) throw invalidToken('There is no such client any more.');
  return told(service, { ...changed, registrationToken });
}

async function readRegistration<Given extends Registration>(
  { config }: Arthemiz,
  { request, schema }: { request: IncomingMessage; schema: ZodType<Given> },
): Promise<Given> {
  const parsed = schema.safeParse(await readJsonBody(request, { maximumBytes }));
  if (!parsed.success) throw invalidRegistration(parsed.error);
  const ownNames = firstPartyClients(config).flatMap(({ client_name }) => client_name ?? []);
  if (isImpersonating(parsed.data.client_name, ownNames))
    throw invalidMetadata('client_name: is that of an application of this platform');
  return parsed.data;
}

/** What a client learns of itself (RFC 7591, 3.2.1); of its secret at the moment when it is made. */
function told(
  service: Arthemiz,
  { client, secret, registrationToken }: Registered & { registrationToken: string },
): object {
  return {
    ...registeredMetadata(client),
    client_id_issued_at: Math.floor(client.createdAt.getTime() / 1_000),
    ...(secret === null ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
    registration_access_token: registrationToken,
    registration_client_uri: `${registrationEndpoint(service)}/${client._id}`,
    id_token_signed_response_alg: 'ES256',
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  response.statusCode = status;
  response.setHeader('cache-control', 'no-store');
  if (body === undefined) {
    response.end();
    return;
  }
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

function sendError(
  response: ServerResponse,
  { service, error }: { service: Arthemiz; error: unknown },
): void {
  const answer = refusalOf(error);
  if (answer.status >= 500) service.logger.error({ err: error }, 'a registration failed');
  if (answer.status === 401)
    response.setHeader('www-authenticate', 'Bearer realm="register", error="invalid_token"');
  send(response, answer);
}

function refusalOf(error: unknown): Answer {
  if (error instanceof RegistrationError)
    return { status: error.status, body: { error: error.code, error_description: error.message } };
  const status = statusOf(error);
  return status < 500 && error instanceof Error
    ? { status, body: { error: 'invalid_request', error_description: error.message } }
    : {
        status,
        body: { error: 'server_error', error_description: 'Something went wrong on our side. Try again.' },
      };
}
