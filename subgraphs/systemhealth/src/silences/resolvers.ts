// What keeps alerts quiet, as the schema shows it.
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import type { Resolvers } from '../schema.generated.ts';
import { createInhibition, deleteInhibition } from './inhibitions.ts';
import { createMaintenanceWindow, endMaintenanceWindow } from './maintenance.ts';
import { createSilence, endSilence } from './silencing.ts';

const newestFirst = { field: '_id', direction: 'descending' } as const;

export const silenceResolvers: Resolvers = {
  Query: {
    silences: (_, page, { models }) => findPage(models.Silence, { page: parsePage(page), sort: newestFirst }),
    maintenanceWindows: (_, page, { models }) =>
      findPage(models.MaintenanceWindow, { page: parsePage(page), sort: newestFirst }),
    inhibitions: (_, __, { models }) => models.Inhibition.find().sort({ _id: 1 }).lean(),
  },
  Mutation: {
    ...{ createSilence, endSilence, createMaintenanceWindow, endMaintenanceWindow },
    ...{ createInhibition, deleteInhibition },
  },
  Silence: { id: ({ _id }) => _id },
  MaintenanceWindow: { id: ({ _id }) => _id },
  Inhibition: { id: ({ _id }) => _id },
};
