// What sentinel asks for because of what it found: sessions end, and second factors are needed. Each answer is in the same
// transaction as what was done.
import type { EventHandlers, HandlerInput } from '@supergraph/chassis/event-handlers';
import type { EventType } from '@supergraph/chassis/events';
import type { Arthemiz } from '../context.ts';
import { endSessions } from '../sessions/ending.ts';
import type { LiveGrant } from '../sessions/reading.ts';

/** How long what was taken back is remembered, should the demand come after it. */
const rememberedMs = 24 * 3_600_000;

export const responseHandlers: EventHandlers<Arthemiz> = {
  'sentinel.access-rule.changed.v1': async ({ event, service }) => {
    const { ruleId: _id, isActive, until, ...rule } = event.data;
    const { AccessRule } = service.models;
    if (isActive) {
      const heard = { ...rule, isActive, until: until === null ? null : new Date(until) };
      await AccessRule.updateOne({ _id }, { $setOnInsert: heard }, { upsert: true });
    } else {
      const takenBack = { isActive, until: new Date(Date.now() + rememberedMs) };
      await AccessRule.updateOne({ _id }, { $set: takenBack, $setOnInsert: rule }, { upsert: true });
    }
  },
  'sentinel.session-end.requested.v1': async ({ event, service, emit }) => {
    const asked = { ...event.data, tenantId: event.tenantid };
    await answer({ service, emit }, asked, () => end(service, asked, () => true));
  },
  'sentinel.second-factor.requested.v1': async ({ event, service, emit }) => {
    const { isRequired, until, ...data } = event.data;
    const asked = { ...data, tenantId: event.tenantid };
    const { responseId, personId } = asked;
    const { FactorDemand } = service.models;
    if (!isRequired) {
      const takenBack = { isRequired: false, until: new Date(Date.now() + rememberedMs) };
      await FactorDemand.updateOne(
        { responseId },
        { $set: takenBack, $setOnInsert: { personId } },
        { upsert: true },
      );
      return;
    }
    await answer({ service, emit }, asked, async () => {
      const demand = { personId, isRequired: true, until: until === null ? null : new Date(until) };
      await FactorDemand.updateOne({ responseId }, { $setOnInsert: demand }, { upsert: true });
      return end(service, asked, ({ amr }) => !amr.includes('mfa'));
    });
  },
};

interface Asked {
  responseId: string;
  personId: string;
  tenantId: string;
}

/** Does it for a member, and says how many sessions ended by it. */
async function answer(
  { service, emit }: Pick<HandlerInput<Arthemiz, EventType>, 'service' | 'emit'>,
  { responseId, personId }: Asked,
  work: () => Promise<number>,
): Promise<void> {
  const isMember = (await service.models.Membership.exists({ personId })) !== null;
  const sessionsEnded = isMember ? await work() : 0;
  const failure = isMember ? null : ('not-a-member' as const);
  await emit('arthemiz.response.carried-out.v1', {
    subject: personId,
    data: { responseId, personId, sessionsEnded, failure },
  });
}

async function end(
  service: Arthemiz,
  { personId, tenantId }: Asked,
  isEnding: (grant: LiveGrant) => boolean,
): Promise<number> {
  const ended = await endSessions(service, {
    ...{ personId, tenantId, isEnding },
    ...{ endedBy: null, reason: 'ended' },
  });
  return ended.length;
}
