// What a tenant's residence says: where its data lies, and who may touch it while it moves.

/**
 * A move's way. `FREEZING`: writes are being refused. `COPYING`: none happens any more, the copy is made and compared.
 * `CLOSING`: reads are being refused too. `ERASING`: it is decided where the tenant lives, and open there; what lies in
 * the other region is removed.
 */
export const movePhases = ['FREEZING', 'COPYING', 'CLOSING', 'ERASING'] as const;
export type MovePhase = (typeof movePhases)[number];

export interface Move {
  /** Who asks for moves numbers them: an older request is not acted on any more. */
  sequence: number;
  from: string;
  to: string;
  phase: MovePhase;
  /** How often copying has failed. */
  failures: number;
  /** Why it went back; null while it has not. */
  error: string | null;
}

export interface Residence {
  /** The tenant's id. */
  _id: string;
  region: string;
  /** Of the directory when this was changed last. */
  version: number;
  move: Move | null;
  /** The last move that ended. */
  ended: { sequence: number; error: string | null } | null;
}

export type Access = 'open' | 'reads' | 'closed';

export function accessOf({ move }: Pick<Residence, 'move'>): Access {
  if (move === null || move.phase === 'ERASING') return 'open';
  return move.phase === 'CLOSING' ? 'closed' : 'reads';
}

/** Whether what lies of the tenant in this region is out of reach of work across tenants: it is a copy, or leaving. */
export function isAbsent({ region, move }: Pick<Residence, 'region' | 'move'>, from: string): boolean {
  if (move === null || (from !== move.from && from !== move.to)) return false;
  return move.phase !== 'ERASING' || from !== region;
}

/** Whether what lies of the tenant in this region is what its copy is made of: it can still be read there. */
export function isCopied({ move }: Pick<Residence, 'move'>, from: string): boolean {
  return move !== null && move.from === from && (move.phase === 'FREEZING' || move.phase === 'COPYING');
}

/** The region in which the tenant does not live, as its move ends. */
export function leftRegion({ region, move }: Pick<Residence, 'region' | 'move'>): string | null {
  if (move === null || move.phase !== 'ERASING') return null;
  return region === move.to ? move.from : move.to;
}
