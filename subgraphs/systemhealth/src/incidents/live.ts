// What is pushed to subscribers when something happened in an incident.

/** Live topic of a tenant. */
export const incidentChangedTopic = 'incident-changed';

export interface IncidentChanged {
  readonly incidentId: string;
}
