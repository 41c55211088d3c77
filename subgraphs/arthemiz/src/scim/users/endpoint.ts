import { resourceNotFound } from '../errors.ts';
import { listOf, listRequest, project, shown } from '../lists.ts';
import { stepsOf } from '../patching.ts';
import { answerResources, type ScimAnswer, type ScimRequest } from '../requests.ts';
import { nobody, setUserAttributes } from './attributes.ts';
import { changeUser, createUser, deleteUser } from './changing.ts';
import { patchUser } from './patch.ts';
import { findUser, findUsers } from './reading.ts';
import { presentUser, type User, type UserDraft } from './user.ts';

export function answerUsers(request: ScimRequest): Promise<ScimAnswer> {
  return answerResources({ list, create, read, replace, patch, remove }, request);
}

async function list({ service, query, baseUrl }: ScimRequest): Promise<ScimAnswer> {
  const request = listRequest(query);
  const { users, totalResults } = await findUsers(service, request);
  const resources = users.map((user) => project(presentUser(user, baseUrl), request));
  return { status: 200, body: listOf(resources, { startIndex: request.startIndex, totalResults }) };
}

async function read(request: ScimRequest, id: string): Promise<ScimAnswer> {
  const user = await findUser(request.service, id);
  if (user === null) throw resourceNotFound();
  return answer(request, user);
}

async function create(request: ScimRequest): Promise<ScimAnswer> {
  const { service, caller } = request;
  const draft = setUserAttributes(nobody, await request.body());
  const made = answer(request, await createUser(service, { caller, draft }));
  return { ...made, status: 201 };
}

async function replace(request: ScimRequest, id: string): Promise<ScimAnswer> {
  const body = await request.body();
  // Whether somebody is suspended changes only where it is said.
  return change(request, { id, wanted: () => setUserAttributes(nobody, body) });
}

async function patch(request: ScimRequest, id: string): Promise<ScimAnswer> {
  const steps = stepsOf(await request.body());
  return change(request, { id, wanted: (before) => patchUser(before, steps) });
}

async function change(
  request: ScimRequest,
  given: { id: string; wanted(before: UserDraft): UserDraft },
): Promise<ScimAnswer> {
  const { service, caller, ifMatch, baseUrl } = request;
  return answer(request, await changeUser(service, { ...given, caller, ifMatch, baseUrl }));
}

async function remove({ service, caller, ifMatch, baseUrl }: ScimRequest, id: string): Promise<ScimAnswer> {
  await deleteUser(service, { id, caller, ifMatch, baseUrl });
  return { status: 204 };
}

function answer({ query, baseUrl }: ScimRequest, user: User): ScimAnswer {
  const resource = presentUser(user, baseUrl);
  const { location, version } = resource.meta;
  return { status: 200, body: project(resource, shown(query)), location, version };
}
