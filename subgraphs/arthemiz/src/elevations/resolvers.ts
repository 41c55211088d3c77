// Elevations as the schema shows them: to who may decide about them, and to people their own.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import {
  decidedElevationInput,
  elevationNotFound,
  endedElevationInput,
  invalidInput,
  personNotFound,
  requestedElevationInput,
} from '../roles/refusals.ts';
import { changeBy } from '../roles/resolvers.ts';
import type { Permission } from '../roles/rules.ts';
import type { Resolvers } from '../schema.generated.ts';
import { decideElevation } from './deciding.ts';
import { endElevation } from './ending.ts';
import { type ElevationOutcome, requestElevation } from './requesting.ts';
import { oldestOpen, statusAt } from './rules.ts';

const decides: Permission = 'elevation:approve';
/** Enough to see what one waits for. */
const maximumOwn = 50;

export const elevationResolvers: Resolvers = {
  Query: {
    elevations: (_, { onlyOpen, ...page }, { models }) =>
      findPage(models.Elevation, {
        page: parsePage(page),
        sort: { field: 'requestedAt', direction: 'descending' },
        filter: onlyOpen ? { outcome: null, requestedAt: { $gt: oldestOpen(new Date()) } } : {},
      }),
  },
  Mutation: {
    async requestElevation(_, { input }, { service, viewer }) {
      const parsed = requestedElevationInput.safeParse(input);
      if (!parsed.success) return { elevation: null, errors: invalidInput(parsed.error) };
      if (viewer.tenantId === null) return { elevation: null, errors: [personNotFound()] };
      return elevationAnswer(await requestElevation(service, { ...parsed.data, personId: viewer.subject }));
    },
    async decideElevation(_, { input }, context) {
      const parsed = decidedElevationInput.safeParse(input);
      if (!parsed.success) return { elevation: null, errors: invalidInput(parsed.error) };
      return elevationAnswer(await decideElevation(context.service, await changeBy(context, parsed.data)));
    },
    async endElevation(_, { input }, { service, viewer }) {
      const parsed = endedElevationInput.safeParse(input);
      if (!parsed.success) return { elevation: null, errors: invalidInput(parsed.error) };
      const { subject, permissions, tenantId } = viewer;
      if (tenantId === null) return { elevation: null, errors: [elevationNotFound()] };
      const mayEndOthers = permissions.has(decides);
      return elevationAnswer(await endElevation(service, { ...parsed.data, subject, mayEndOthers }));
    },
  },
  Viewer: {
    elevations: ({ subject, tenantId }, _, { models }) =>
      tenantId === null
        ? []
        : models.Elevation.find({ personId: subject }).sort({ requestedAt: -1 }).limit(maximumOwn).lean(),
  },
  Elevation: {
    id: (elevation) => elevation._id,
    person: ({ personId }, _, { loaders }) => loaders.member.load(personId),
    role: ({ roleId }, _, { loaders }) => loaders.role.load(roleId),
    status: (elevation) => statusAt(elevation, new Date()),
    decidedBy: ({ decidedBy }, _, { loaders }) =>
      decidedBy === null || decidedBy === undefined ? null : loaders.member.load(decidedBy),
  },
};

function elevationAnswer(outcome: ElevationOutcome) {
  return 'elevation' in outcome
    ? { elevation: outcome.elevation, errors: [] }
    : { elevation: null, errors: [outcome.refusal] };
}
