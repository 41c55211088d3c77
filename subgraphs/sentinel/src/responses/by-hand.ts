// What people propose and decide.
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { MutationResolvers } from '../schema.generated.ts';
import { takeTurn } from './access-rules.ts';
import { carryOut, end, step } from './carrying-out.ts';
import { hindranceOf, propose } from './proposing.ts';
import {
  approvalNeeded,
  invalidResponseInput,
  ownBlock,
  ownProposal,
  responseNotFound,
  responseStatusRefused,
  wrongInput,
} from './refusals.ts';
import type { ResponseRow } from './response-model.ts';
import { covers, isFor, mayBecome, type ResponseStatus, responseKinds, responseModes } from './rules.ts';
import { targetInput, targetProblem } from './targets.ts';

const words = z.string().trim().min(1).max(500);
const defaultMinutes = 24 * 60;
export const minutesInput = z.number().int().min(1).max(43_200);

const proposalInput = z.object({
  kind: z.enum(responseKinds),
  ...targetInput,
  reason: words,
  findingId: z.string().max(64).nullish(),
  mode: z.enum(responseModes),
  minutes: minutesInput.nullish(),
});
const decisionInput = z.object({ id: z.string().max(64), note: words.nullish() });

export const proposeResponse: MutationResolvers['proposeResponse'] = async (_, { input }, context) => {
  const parsed = proposalInput.safeParse(input);
  if (!parsed.success) return refused(...invalidResponseInput(parsed.error));
  const { kind, targetKind, target: value, reason, findingId, mode, minutes } = parsed.data;
  const { viewer, service, models, request } = context;
  const target = { kind: targetKind, value };
  const problem = targetProblem(target);
  if (problem !== null) return refused(wrongInput('target', problem));
  if (!isFor(kind, targetKind)) return refused(wrongInput('kind', 'is for people alone'));
  if (mode === 'AUTOMATIC' && !viewer.permissions.has('response:approve')) return refused(approvalNeeded);
  const { ipAddress } = request;
  const own = [
    { kind: 'PERSON' as const, value: viewer.subject },
    { kind: 'CLIENT' as const, value: viewer.clientId ?? '' },
    ...(ipAddress === undefined ? [] : [networkOf(ipAddress)]),
  ];
  if (kind === 'BLOCK' && own.some((each) => covers(target, each))) return refused(ownBlock);
  return service.transaction(async (unit) => {
    if (findingId && (await models.Finding.exists({ _id: findingId })) === null)
      return refused(responseNotFound('finding'));
    const outcome = await propose(service, unit, {
      ...{ kind, target, mode, reason, findingId: findingId ?? null, policyId: null },
      ...{
        proposedBy: viewer.subject,
        minutes: kind === 'END_SESSIONS' ? null : (minutes ?? defaultMinutes),
      },
    });
    return 'refusal' in outcome ? refused(outcome.refusal) : { response: outcome.response, errors: [] };
  });
};

export const approveResponse: MutationResolvers['approveResponse'] = (_, { input }, context) =>
  decide(input, context, 'APPROVED', async ({ response, by, note, unit }) => {
    if (response.proposedBy === by) return refused(ownProposal);
    const target = { kind: response.targetKind, value: response.target };
    const hindrance = await hindranceOf(context.service, { kind: response.kind, target });
    if (hindrance !== null) return refused(hindrance);
    return done(await carryOut(context.service, unit, { response, by, note }));
  });

export const rejectResponse: MutationResolvers['rejectResponse'] = (_, { input }, context) =>
  decide(input, context, 'REJECTED', async ({ response, by, note, unit }) =>
    done(await step(context.service, unit, { response, step: { status: 'REJECTED', by, note } })),
  );

export const undoResponse: MutationResolvers['undoResponse'] = (_, { input }, context) =>
  decide(input, context, 'UNDONE', async ({ response, by, note, unit }) =>
    done(await end(context.service, unit, { response, step: { status: 'UNDONE', by, note } })),
  );

interface Decided {
  response: ResponseRow;
  by: string;
  note: string | null;
  unit: Parameters<typeof carryOut>[1];
}

type Outcome = ReturnType<typeof done> | ReturnType<typeof refused>;

/** Reads, decides and does it in one transaction, so that of two people at once one is refused. */
async function decide(
  input: unknown,
  { service, models, viewer }: Context,
  wanted: ResponseStatus,
  then: (decided: Decided) => Promise<Outcome>,
): Promise<Outcome> {
  const parsed = decisionInput.safeParse(input);
  if (!parsed.success) return refused(...invalidResponseInput(parsed.error));
  const { id: _id, note } = parsed.data;
  return service.transaction(async (unit) => {
    await takeTurn(service);
    const response = await models.Response.findOne({ _id }).lean<ResponseRow>();
    if (response === null) return refused(responseNotFound('response'));
    if (!mayBecome(response, wanted)) return refused(responseStatusRefused(response.status, wanted));
    return then({ response, by: viewer.subject, note: note ?? null, unit });
  });
}

type Refusal =
  | ReturnType<typeof wrongInput>
  | ReturnType<typeof responseNotFound>
  | ReturnType<typeof responseStatusRefused>
  | typeof approvalNeeded
  | typeof ownProposal
  | typeof ownBlock
  | Extract<Awaited<ReturnType<typeof propose>>, { refusal: unknown }>['refusal'];

function refused(...errors: Refusal[]) {
  return { response: null, errors };
}

function done(response: ResponseRow) {
  return { response, errors: [] as Refusal[] };
}

function networkOf(address: string) {
  return { kind: 'NETWORK' as const, value: `${address}/${address.includes(':') ? 128 : 32}` };
}
