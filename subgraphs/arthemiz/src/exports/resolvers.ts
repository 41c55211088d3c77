// A tenant's administrators ask for all of its data, and see how far that is.
import type { Resolvers } from '../schema.generated.ts';
import { startExport } from './exporting.ts';
import { downloadPath } from './rules.ts';

export const exportResolvers: Resolvers = {
  Query: {
    tenantExport: (_, __, { models }) =>
      models.TenantExport.findOne({ expiresAt: { $gt: new Date() } }).lean(),
  },
  Mutation: {
    async exportTenant(_, __, { service, viewer }) {
      const { tenantId, subject: requestedBy } = viewer;
      if (tenantId === null) return { export: null };
      return { export: await startExport(service, { tenantId, requestedBy }) };
    },
  },
  TenantExport: {
    id: ({ _id }) => _id,
    requestedAt: ({ createdAt }) => createdAt,
    finishedAt: ({ finishedAt }) => finishedAt ?? null,
    parts: ({ _id: exportId, parts }) => parts.map((part) => ({ ...part, exportId })),
  },
  TenantExportPart: {
    error: ({ error }) => error ?? null,
    path: ({ isDone, exportId, subgraph }) => (isDone ? downloadPath({ exportId, subgraph }) : null),
  },
};
