// Sessions as the schema shows them: to people their own, to those who may end them the ones in their tenant.
import type { Permission } from '../roles/rules.ts';
import type { Resolvers } from '../schema.generated.ts';
import { endOtherSessions, endSessions } from './ending.ts';
import { programNames } from './programs.ts';
import { type LiveGrant, personOfSession, sessionsOf } from './reading.ts';
import { describeBrowser } from './rules.ts';

const endsOthers: Permission = 'session:end';

export const sessionResolvers: Resolvers = {
  Mutation: {
    async endSession(_, { input: { id } }, { service, viewer }) {
      const { subject, tenantId, permissions } = viewer;
      const isEnding = (grant: LiveGrant) => grant.sessionId === id;
      const ending = { endedBy: subject, reason: 'ended', isEnding } as const;
      const own = await endSessions(service, { personId: subject, ...ending });
      if (own.length > 0) return { sessionId: id, errors: [] };
      const personId =
        tenantId !== null && permissions.has(endsOthers)
          ? await personOfSession(service, { sessionId: id, tenantId })
          : null;
      if (personId === null || tenantId === null) return { sessionId: null, errors: [sessionNotFound] };
      // For their own tenant alone: elsewhere it is for others to end.
      await endSessions(service, { personId, tenantId, ...ending });
      return { sessionId: id, errors: [] };
    },
    async endOtherSessions(_, __, { service, viewer }) {
      const { subject: personId, sessionId } = viewer;
      if (sessionId === undefined) return { sessionIds: [], errors: [sessionNotFound] };
      const sessionIds = await endOtherSessions(service, { personId, sessionId });
      return { sessionIds, errors: [] };
    },
    async endPersonSessions(_, { input: { personId } }, { service, viewer, loaders }) {
      const { subject, tenantId } = viewer;
      if (tenantId === null || (await loaders.member.load(personId)) === null)
        return { sessionIds: [], errors: [personHasNone] };
      const sessionIds = await endSessions(service, {
        personId,
        tenantId,
        endedBy: subject,
        reason: 'ended',
        isEnding: () => true,
      });
      return { sessionIds, errors: [] };
    },
  },
  Viewer: {
    sessions: ({ subject }, _, { service }) => sessionsOf(service, { personId: subject }),
  },
  Person: {
    sessions: ({ _id: personId }, _, { service, viewer: { tenantId } }) =>
      tenantId === null ? [] : sessionsOf(service, { personId, tenantId }),
  },
  Session: {
    isCurrent: ({ id }, _, { viewer }) => id === viewer.sessionId,
    programs: ({ clientIds }, _, { service }) => programNames(service, clientIds),
    browser: ({ userAgent }) => describeBrowser(userAgent),
  },
};

const sessionNotFound = {
  __typename: 'SessionNotFound',
  message: 'There is no such session that you could end. It may have ended already.',
} as const;

const personHasNone = {
  __typename: 'SessionNotFound',
  message: 'Nobody in your tenant has this id.',
} as const;
