// Service clients as the schema shows them.
import { forbidden } from '@supergraph/chassis/errors';
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Changer } from '../roles/changing.ts';
import { invalidInput, type RoleRefusal } from '../roles/refusals.ts';
import { changeBy } from '../roles/resolvers.ts';
import type { Resolvers } from '../schema.generated.ts';
import {
  type ClientOutcome,
  createServiceClient,
  deleteServiceClient,
  rotateSecret,
  setPublicKeys,
  updateServiceClient,
} from './changing.ts';
import type { PublicKey } from './public-keys.ts';
import {
  deletedServiceClientInput,
  newServiceClientInput,
  publicKeysInput,
  rotatedSecretInput,
  updatedServiceClientInput,
} from './rules.ts';

export const clientResolvers: Resolvers = {
  Query: {
    serviceClients: (_, page, { models }) =>
      findPage(models.ServiceClient, {
        page: parsePage(page),
        sort: { field: 'createdAt', direction: 'descending' },
      }),
  },
  Mutation: {
    createServiceClient: (_, { input }, context) =>
      answer(context, newServiceClientInput.safeParse(input), (given) =>
        createServiceClient(context.service, given),
      ),
    updateServiceClient: (_, { input }, context) =>
      answer(context, updatedServiceClientInput.safeParse(input), (given) =>
        updateServiceClient(context.service, given),
      ),
    rotateServiceClientSecret: (_, { input }, context) =>
      answer(context, rotatedSecretInput.safeParse(input), (given) => rotateSecret(context.service, given)),
    setServiceClientKeys: (_, { input }, context) =>
      answer(context, publicKeysInput.safeParse(input), (given) => setPublicKeys(context.service, given)),
    async deleteServiceClient(_, { input }, context) {
      const parsed = deletedServiceClientInput.safeParse(input);
      if (!parsed.success) return { deletedServiceClientId: null, errors: invalidInput(parsed.error) };
      refuseKeys(context.viewer.subject);
      const outcome = await deleteServiceClient(context.service, await changeBy(context, parsed.data));
      return 'refusal' in outcome
        ? { deletedServiceClientId: null, errors: [outcome.refusal] }
        : { ...outcome, errors: [] };
    },
  },
  ServiceClient: {
    id: (client) => client._id,
    createdBy: (client) => client.createdBy ?? null,
    previousSecretEndsAt: (client) => client.previousSecret?.endsAt ?? null,
    // Stored by publicKeys (public-keys.ts) and by nobody else.
    keyIds: ({ publicKeys }) => (publicKeys as PublicKey[]).map(({ kid }) => kid),
    async roles({ roleIds }, _, { loaders }) {
      const graph = await loaders.roleGraph();
      return [...graph.values()].filter(({ _id }) => roleIds.includes(_id));
    },
  },
};

async function answer<Given extends object>(
  context: Context,
  parsed: z.ZodSafeParseResult<Given>,
  change: (given: Given & { changer: Changer }) => Promise<ClientOutcome>,
): Promise<{ serviceClient: ClientRow | null; secret: string | null; errors: RoleRefusal[] }> {
  const nothing = { serviceClient: null, secret: null };
  if (!parsed.success) return { ...nothing, errors: invalidInput(parsed.error) };
  refuseKeys(context.viewer.subject);
  const outcome = await change(await changeBy(context, parsed.data));
  return 'refusal' in outcome ? { ...nothing, errors: [outcome.refusal] } : { ...outcome, errors: [] };
}

type ClientRow = Extract<ClientOutcome, { serviceClient: unknown }>['serviceClient'];

/** A stolen key could go on as a client after it was revoked, or end those that its tenant lives by. */
function refuseKeys(subject: string): void {
  if (subject.startsWith('key_'))
    throw forbidden('An API key makes and changes no clients: sign in instead.');
}
