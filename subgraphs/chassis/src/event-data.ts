// Placeholder until schema/src/events.generated.ts exists.
export interface SignIn {
  personId: string | null;
  clientId: string | null;
  email: string | null;
  ipAddress: string | null;
  userAgent: string | null;
  reason: string | null;
}
export interface EventData {
  'arthemiz.tenant.created.v1': { tenantId: string; slug: string; name: string };
  'arthemiz.tenant.renamed.v1': { tenantId: string; name: string };
  'arthemiz.sign-in.succeeded.v1': SignIn;
  'arthemiz.sign-in.failed.v1': SignIn;
  'gateway.field.denied.v1': {
    subject: string;
    clientId: string | null;
    isAnonymous: boolean;
    operationName: string | null;
    coordinates: string[];
    requestId: string;
  };
  'systemhealth.check.changed.v1': {
    checkId: string;
    serviceId: string;
    previousStatus: 'UNKNOWN' | 'UP' | 'DOWN';
    status: 'UNKNOWN' | 'UP' | 'DOWN';
    message: string | null;
  };
}
