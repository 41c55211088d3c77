// The expected reasons for which a change is refused, as the schema's HealthError types; GraphQL reads the type's
// name off the value.
import type { z } from 'zod';

/** One error for each problem that zod found. */
export function invalidInput({ issues }: z.ZodError) {
  return issues.map(({ path, message }) => ({
    __typename: 'InvalidHealthInput' as const,
    message,
    field: path.join('.') || 'input',
  }));
}

/** One field that is wrong for a reason beyond its form. */
export function refusedField(field: string, message: string) {
  return { __typename: 'InvalidHealthInput' as const, message, field };
}

export function limitReached(what: string, limit: number) {
  const message = `A tenant may have ${limit} ${what}. Delete some that are no longer needed.`;
  return { __typename: 'HealthLimitReached' as const, message, limit };
}

export const serviceNotFound = {
  __typename: 'ServiceNotFound' as const,
  message: 'There is no service of this id.',
};

export const checkNotFound = {
  __typename: 'CheckNotFound' as const,
  message: 'There is no check of this id.',
};

export const targetRefused = {
  __typename: 'CheckTargetRefused' as const,
  message: 'The target is not on a public address. Give one that the internet can reach.',
};

export const checkSecretsUnavailable = {
  __typename: 'CheckSecretsUnavailable' as const,
  message:
    'This installation cannot keep user names, passwords and headers of checks. Its operators have to set KEY_ENCRYPTION_KEY for systemhealth.',
};

export const platformCheckProtected = {
  __typename: 'PlatformCheckProtected' as const,
  message: 'The platform keeps this check itself. Pause it instead.',
};

export const alertRuleNotFound = {
  __typename: 'AlertRuleNotFound' as const,
  message: 'There is no alert rule of this id.',
};

export const alertRuleProtected = {
  __typename: 'AlertRuleProtected' as const,
  message: 'Every tenant has this rule. Disable it instead.',
};

export const alertNotFound = {
  __typename: 'AlertNotFound' as const,
  message: 'There is no alert of this id.',
};

export const alertNotFiring = {
  __typename: 'AlertNotFiring' as const,
  message: 'The alert does not fire, so there is nothing to acknowledge.',
};

export const silenceNotFound = {
  __typename: 'SilenceNotFound' as const,
  message: 'There is no silence of this id.',
};

export const maintenanceWindowNotFound = {
  __typename: 'MaintenanceWindowNotFound' as const,
  message: 'There is no maintenance window of this id.',
};

export const inhibitionNotFound = {
  __typename: 'InhibitionNotFound' as const,
  message: 'There is no inhibition of this id.',
};

export const policyNotFound = {
  __typename: 'NotificationPolicyNotFound' as const,
  message: 'There is no notification policy of this id.',
};

export const notificationChannelNotFound = {
  __typename: 'NotificationChannelNotFound' as const,
  message: 'There is no notification channel of this id.',
};

export const channelUnavailable = {
  __typename: 'NotificationChannelUnavailable' as const,
  message:
    'This installation cannot tell people in this way. Its operators have to set SMTP_URL for e-mail, or KEY_ENCRYPTION_KEY for webhooks, for systemhealth.',
};

export const incidentNotFound = {
  __typename: 'IncidentNotFound' as const,
  message: 'There is no incident of this id.',
};

export const incidentResolved = {
  __typename: 'IncidentResolved' as const,
  message: 'The incident is resolved. Open it again by an update with another status.',
};

export const statusPageSlugTaken = {
  __typename: 'StatusPageSlugTaken' as const,
  message: 'Another page has this address. Choose another.',
};

export const sloNotFound = {
  __typename: 'SloNotFound' as const,
  message: 'There is no objective of this id.',
};

export const sloProtected = {
  __typename: 'SloProtected' as const,
  message: 'The platform keeps this objective. Add one of your own instead.',
};

export const sloNameTaken = {
  __typename: 'SloNameTaken' as const,
  message: 'Another objective has this name. Change metadata.name in the document.',
};
