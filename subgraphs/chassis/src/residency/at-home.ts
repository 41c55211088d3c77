// For services that write at home and in tenants' regions what belongs together: whether the two are one database now.
import type { Connection } from 'mongoose';
import { type Placement, TenantMoving } from './placement.ts';

// By the home region's connection, which is what models know.
const placements = new WeakMap<Connection, Placement>();

export function notePlacement(connection: Connection, placement: Placement): void {
  placements.set(connection, placement);
}

/**
 * Whether the data of the scope lies in the home region, so that a transaction there is one with what is at home.
 * @param connection the service's own
 * @throws TenantMoving, RegionUnknown
 */
export function isAtHome(connection: Connection): boolean {
  const placement = placements.get(connection);
  if (placement === undefined) return true;
  const { region, leave } = placement.enter('read');
  leave();
  return region === placement.home;
}

/**
 * To be asked after something was found in no region: a tenant between two regions is seen in neither.
 * @throws TenantMoving
 */
export function demandNobodyBetween(connection: Connection): void {
  if (placements.get(connection)?.isAnyClosed()) throw new TenantMoving();
}
