// The audit trail as the schema shows it.
import { parseInput } from '@supergraph/chassis/input';
import { findPage, parsePage } from '@supergraph/chassis/pagination';
import { currentTenant } from '@supergraph/chassis/tenancy';
import { z } from 'zod';
import { occurredWithin } from '../period.ts';
import type { Resolvers } from '../schema.generated.ts';
import { signingKeyOf, verifierKey } from './note.ts';

const instant = z.date().nullish();
const text = z.string().max(200).nullish();
const filterInput = z
  .object({ actorId: text, subjectId: text, action: text, since: instant, until: instant })
  .nullish();

export const auditResolvers: Resolvers = {
  Query: {
    auditRecords(_, { filter, ...page }, { models }) {
      const { since, until, ...equal } = parseInput(filterInput, filter) ?? {};
      const given = Object.entries(equal).filter(([, value]) => typeof value === 'string');
      return findPage(models.AuditRecord, {
        page: parsePage(page),
        sort: { field: 'occurredAt', direction: 'descending' },
        filter: { ...Object.fromEntries(given), ...occurredWithin({ since, until }) },
      });
    },
    auditCheckpoints: (_, page, { models }) =>
      findPage(models.AuditCheckpoint, {
        page: parsePage(page),
        sort: { field: 'signedAt', direction: 'descending' },
      }),
    auditVerifierKey(_, __, { service }) {
      const seed = service.config.CHECKPOINT_SIGNING_KEY;
      return seed === undefined ? null : verifierKey(currentTenant(), signingKeyOf(seed));
    },
  },
  AuditRecord: {
    id: (record) => record._id,
    details: ({ details }) => JSON.stringify(details),
  },
};
