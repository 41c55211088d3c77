// What one operation reads by id or by owner, in one query each.
import { entityLoader, groupLoader } from '@supergraph/chassis/loader';
import type { CheckRow } from './checks/model.ts';
import type { SystemHealth } from './context.ts';

export function createLoaders({ models }: SystemHealth) {
  return {
    service: entityLoader(models.Service),
    check: entityLoader(models.Check),
    alert: entityLoader(models.Alert),
    alertRule: entityLoader(models.AlertRule),
    incident: entityLoader(models.Incident),
    slo: entityLoader(models.Slo),
    notificationPolicy: entityLoader(models.NotificationPolicy),
    notificationChannel: entityLoader(models.NotificationChannel),
    /** The checks of a service, oldest first; a tenant's number of checks is limited. */
    checksOfService: groupLoader<CheckRow>(
      (serviceIds) =>
        models.Check.find({ serviceId: { $in: serviceIds } })
          .sort({ _id: 1 })
          .lean<CheckRow[]>(),
      { keyOf: (check) => check.serviceId },
    ),
  };
}

export type Loaders = ReturnType<typeof createLoaders>;
