// Who watches responses is told of each step as it is taken, and so is the audit trail.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { SubscriptionResolvers } from '../schema.generated.ts';
import type { ResponseRow } from './response-model.ts';

/** Live topic of a tenant. */
export const responseChangedTopic = 'response-changed';

export type Telling = Pick<UnitOfWork, 'emit' | 'push'>;

type Instants = 'createdAt' | 'changedAt';
interface Entry {
  status: ResponseRow['status'];
  at: string;
  by?: string | null | undefined;
  note?: string | null | undefined;
}

/** The response as it travels: instants as text. */
type ResponsePush = Omit<ResponseRow, Instants | 'endsAt' | 'expiresAt' | 'log'> &
  Record<Instants | 'expiresAt', string> & {
    endsAt: string | null;
    log: Entry[];
  };

/** To be called in the transaction of the step. */
export async function tellResponse(response: ResponseRow, { emit, push }: Telling): Promise<void> {
  const { _id: responseId, kind, targetKind, target, status, findingId, policyId, log } = response;
  push(responseChangedTopic, pushOf(response));
  await emit('sentinel.response.changed.v1', {
    subject: responseId,
    data: {
      ...{ responseId, kind, targetKind, target, status, changedBy: log.at(-1)?.by ?? null },
      ...{ findingId: findingId ?? null, policyId: policyId ?? null },
    },
  });
}

export const responseChanged: SubscriptionResolvers['responseChanged'] = {
  subscribe: (_, __, { service, signal, bookmark }) =>
    responses(service.live.subscribe<ResponsePush>(responseChangedTopic, { signal, bookmark })),
};

async function* responses(
  pushes: AsyncIterable<ResponsePush>,
): AsyncGenerator<{ responseChanged: ResponseRow }> {
  for await (const push of pushes) yield { responseChanged: responseOf(push) };
}

function pushOf({ createdAt, changedAt, expiresAt, endsAt, log, ...response }: ResponseRow): ResponsePush {
  return {
    ...response,
    createdAt: createdAt.toISOString(),
    changedAt: changedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    endsAt: endsAt?.toISOString() ?? null,
    log: log.map(({ status, at, by, note }) => ({ status, at: at.toISOString(), by, note })),
  };
}

function responseOf({
  createdAt,
  changedAt,
  expiresAt,
  endsAt,
  log,
  ...response
}: ResponsePush): ResponseRow {
  return {
    ...response,
    createdAt: new Date(createdAt),
    changedAt: new Date(changedAt),
    expiresAt: new Date(expiresAt),
    endsAt: endsAt === null ? null : new Date(endsAt),
    log: log.map((entry) => ({ ...entry, at: new Date(entry.at) })),
  } as ResponseRow; // mongoose's list type is a plain list in a lean document
}
