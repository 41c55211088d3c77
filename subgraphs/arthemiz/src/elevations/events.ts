// Facts about elevations for those who watch over a tenant. Which roles come or go is told to gateways by itself.
import type { UnitOfWork } from '@supergraph/chassis/transaction';
import type { ElevationRow } from './model.ts';

type ElevationEvent =
  | 'arthemiz.elevation.requested.v1'
  | 'arthemiz.elevation.approved.v1'
  | 'arthemiz.elevation.declined.v1'
  | 'arthemiz.elevation.withdrawn.v1'
  | 'arthemiz.elevation.ended.v1';

export function tellElevation(
  { emit }: UnitOfWork,
  type: ElevationEvent,
  { elevation, by }: { elevation: ElevationRow; by: string | null },
): Promise<void> {
  const { _id: elevationId, personId, roleId, roleName, minutes, reason, endsAt } = elevation;
  const end = endsAt?.toISOString() ?? null;
  return emit(type, {
    subject: personId,
    data: { elevationId, personId, roleId, roleName, minutes, reason, endsAt: end, by },
  });
}
