// All models of this subgraph and whose data they hold.
import { tenantOwned } from '@supergraph/chassis/models';
import { auditCheckpointSchema } from './audit/checkpoint-model.ts';
import { auditHeadSchema } from './audit/head-model.ts';
import { auditRecordSchema } from './audit/record-model.ts';
import { baselineSchema } from './baseline/model.ts';
import { canarySchema } from './detections/canaries/model.ts';
import { occurrencePageSchema } from './detections/occurrence-model.ts';
import { detectionRuleSchema } from './detections/rule-model.ts';
import { suppressedSchema, suppressionSchema } from './detections/suppressions/model.ts';
import { detectionTurnSchema } from './detections/turn-model.ts';
import { ruleVersionSchema } from './detections/version-model.ts';
import { hourlyVolumeSchema } from './detections/volume/model.ts';
import { evidenceSchema } from './findings/evidence-model.ts';
import { findingSchema } from './findings/model.ts';
import { eventGapSchema } from './gaps/model.ts';
import { principalSchema } from './principals/model.ts';
import { accessRuleSchema, responseTurnSchema } from './responses/access-rule-model.ts';
import { responsePolicySchema } from './responses/policy-model.ts';
import { responseSchema } from './responses/response-model.ts';
import { securityEventSchema } from './security-events/model.ts';

export const models = {
  AccessRule: tenantOwned(accessRuleSchema, {
    people: {
      mentions: {
        value: 'whom a tenant blocks or never blocks is its own record, by an id alone',
        createdBy: 'who decided it is the tenant’s own record, by an id alone',
      },
    },
  }),
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
  Canary: tenantOwned(canarySchema, {
    people: {
      mentions: {
        value: 'what a tenant watches is its own record, by an id alone',
        createdBy: 'who decided it is the tenant’s own record, by an id alone',
      },
    },
  }),
  DetectionRule: tenantOwned(detectionRuleSchema),
  DetectionTurn: tenantOwned(detectionTurnSchema, { path: '_id' }),
  EventGap: tenantOwned(eventGapSchema),
  Finding: tenantOwned(findingSchema, {
    people: { mentions: { assigneeId: 'who looked into something is the tenant’s own record' } },
  }),
  FindingEvidence: tenantOwned(evidenceSchema),
  HourlyVolume: tenantOwned(hourlyVolumeSchema, { people: { about: ['principalId'] } }),
  Principal: tenantOwned(principalSchema, { people: { about: ['principalId'] } }),
  Response: tenantOwned(responseSchema, {
    people: {
      mentions: {
        target: 'what was done about whom is the tenant’s own record, by an id alone',
        proposedBy: 'who proposed it is the tenant’s own record, by an id alone',
        'log.by': 'who decided it is the tenant’s own record, by an id alone',
      },
    },
  }),
  ResponsePolicy: tenantOwned(responsePolicySchema, {
    people: { mentions: { changedBy: 'who decided it is the tenant’s own record, by an id alone' } },
  }),
  RuleVersion: tenantOwned(ruleVersionSchema, {
    people: { mentions: { createdBy: 'who decided it is the tenant’s own record, by an id alone' } },
  }),
  ResponseTurn: tenantOwned(responseTurnSchema, { path: '_id' }),
  SecurityEvent: tenantOwned(securityEventSchema, {
    people: {
      about: ['actorId'],
      mentions: {
        email: 'it is shown by the id',
        targetId: 'what was done to whom is the tenant’s own record, by an id alone',
      },
      kept: {
        because: 'the tenant can tell what happened to it, by an id that is nobody’s any more',
        without: ['email', 'ipAddress', 'place', 'userAgent', 'external'],
      },
    },
  }),
  SuppressedEvent: tenantOwned(suppressedSchema),
  Suppression: tenantOwned(suppressionSchema, {
    people: { mentions: { createdBy: 'who decided it is the tenant’s own record, by an id alone' } },
  }),
};
