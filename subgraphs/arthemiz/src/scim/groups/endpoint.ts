import { isLeftOut, listOf, listRequest, project, shown } from '../lists.ts';
import { stepsOf } from '../patching.ts';
import { answerResources, type ScimAnswer, type ScimRequest } from '../requests.ts';
import { type GroupDraft, patchGroup, wholeGroup } from './attributes.ts';
import { changeGroup, createGroup, deleteGroup, readGroup } from './changing.ts';
import { presentGroup } from './group.ts';
import { type FoundGroup, findGroups } from './reading.ts';

export function answerGroups(request: ScimRequest): Promise<ScimAnswer> {
  return answerResources({ list, create, read, replace, patch, remove }, request);
}

async function list({ service, query, baseUrl }: ScimRequest): Promise<ScimAnswer> {
  const request = listRequest(query);
  const { found, totalResults } = await findGroups(service, request);
  const resources = found.map(({ group, members }) =>
    project(presentGroup(group, members, baseUrl), request),
  );
  return { status: 200, body: listOf(resources, { startIndex: request.startIndex, totalResults }) };
}

async function read(request: ScimRequest, id: string): Promise<ScimAnswer> {
  return answer(request, await readGroup(request.service, id));
}

async function create(request: ScimRequest): Promise<ScimAnswer> {
  const { service, caller } = request;
  const draft = wholeGroup(await request.body());
  return { ...answer(request, await createGroup(service, { caller, draft })), status: 201 };
}

async function replace(request: ScimRequest, id: string): Promise<ScimAnswer> {
  const body = await request.body();
  return change(request, { id, wanted: () => wholeGroup(body) });
}

async function patch(request: ScimRequest, id: string): Promise<ScimAnswer> {
  const steps = stepsOf(await request.body());
  return change(request, { id, wanted: (name) => patchGroup(name, steps) });
}

async function change(
  request: ScimRequest,
  given: { id: string; wanted(name: string): GroupDraft },
): Promise<ScimAnswer> {
  const { service, caller, ifMatch, baseUrl } = request;
  return answer(request, await changeGroup(service, { ...given, caller, ifMatch, baseUrl }));
}

async function remove({ service, caller, ifMatch, baseUrl }: ScimRequest, id: string): Promise<ScimAnswer> {
  await deleteGroup(service, { id, caller, ifMatch, baseUrl });
  return { status: 204 };
}

function answer({ query, baseUrl }: ScimRequest, { group, members }: FoundGroup): ScimAnswer {
  const asked = shown(query);
  const resource = presentGroup(group, members, baseUrl);
  const { location, version } = resource.meta;
  const body = isLeftOut(asked, 'members') ? { ...resource, members: undefined } : resource;
  return { status: 200, body: project(body, asked), location, version };
}
