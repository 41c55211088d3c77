// All models of this subgraph and whose data they hold.
import { tenantOwned } from '@supergraph/chassis/models';
import { auditCheckpointSchema } from './audit/checkpoint-model.ts';
import { auditHeadSchema } from './audit/head-model.ts';
import { auditRecordSchema } from './audit/record-model.ts';
import { baselineSchema } from './baseline/model.ts';
import { occurrencePageSchema } from './detections/occurrence-model.ts';
import { detectionRuleSchema } from './detections/rule-model.ts';
import { detectionTurnSchema } from './detections/turn-model.ts';
import { evidenceSchema } from './findings/evidence-model.ts';
import { findingSchema } from './findings/model.ts';
import { eventGapSchema } from './gaps/model.ts';
import { securityEventSchema } from './security-events/model.ts';

export const models = {
  AuditCheckpoint: tenantOwned(auditCheckpointSchema),
  AuditHead: tenantOwned(auditHeadSchema, { path: '_id' }),
  AuditRecord: tenantOwned(auditRecordSchema, {
    people: {
      mentions: {
        actorId: 'who did what is the tenant’s own record, by an id alone',
        subjectId: 'what was done to whom is the tenant’s own record, by an id alone',
      },
    },
  }),
  Baseline: tenantOwned(baselineSchema),
  DetectionOccurrencePage: tenantOwned(occurrencePageSchema),
  DetectionRule: tenantOwned(detectionRuleSchema),
  DetectionTurn: tenantOwned(detectionTurnSchema, { path: '_id' }),
  EventGap: tenantOwned(eventGapSchema),
  Finding: tenantOwned(findingSchema, {
    people: { mentions: { assigneeId: 'who looked into something is the tenant’s own record' } },
  }),
  FindingEvidence: tenantOwned(evidenceSchema),
  SecurityEvent: tenantOwned(securityEventSchema, {
    people: {
      about: ['actorId'],
      mentions: { email: 'it is shown by the id' },
      kept: {
        because: 'the tenant can tell what happened to it, by an id that is nobody’s any more',
        without: ['email', 'ipAddress', 'userAgent', 'external'],
      },
    },
  }),
};
