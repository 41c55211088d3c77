// Regions, and what becomes of a move as its subgraphs answer. Pure.
import { z } from 'zod';

export const moveStatuses = ['RUNNING', 'SUCCEEDED', 'FAILED'] as const;
export const partStatuses = ['MOVING', 'MOVED', 'FAILED'] as const;

export interface RegionsConfig {
  HOME_REGION: string;
  MONGODB_URIS: Readonly<Record<string, string>>;
}

export interface RegionParent {
  name: string;
  isHome: boolean;
}

/** All regions of the installation, the home region first. */
export function regionsOf({ HOME_REGION, MONGODB_URIS }: RegionsConfig): RegionParent[] {
  const others = Object.keys(MONGODB_URIS).sort();
  return [{ name: HOME_REGION, isHome: true }, ...others.map((name) => ({ name, isHome: false }))];
}

export function isRegion(config: RegionsConfig, region: string): boolean {
  return regionsOf(config).some(({ name }) => name === region);
}

/** Where the tenant's data is meant to lie; a tenant from before there were regions lives at home. */
export function regionOf({ region }: { region?: string | null | undefined }, config: RegionsConfig): string {
  return region ?? config.HOME_REGION;
}

export const moveInput = z.object({
  tenantId: z.string().min(1, 'must not be empty').max(64, 'is longer than 64 characters'),
  region: z.string().min(1, 'must not be empty').max(64, 'is longer than 64 characters'),
});

/** One subgraph's part of a move. */
export interface MovePart {
  subgraph: string;
  status: (typeof partStatuses)[number];
  error?: string | null;
}

export interface Progress {
  status: (typeof moveStatuses)[number];
  parts: readonly MovePart[];
}

export interface Answer {
  subgraph: string;
  error: string | null;
}

/** The move after one subgraph's answer. It ends with the last one, and failed where one did. */
export function answered(move: Progress, { subgraph, error }: Answer): Progress {
  const status = error === null ? 'MOVED' : 'FAILED';
  const parts = move.parts.map(
    (part): MovePart => (part.subgraph === subgraph ? { subgraph, status, error } : part),
  );
  return { parts, status: statusOf(parts) };
}

export function statusOf(parts: Progress['parts']): Progress['status'] {
  if (parts.some(({ status }) => status === 'MOVING')) return 'RUNNING';
  return parts.some(({ status }) => status === 'FAILED') ? 'FAILED' : 'SUCCEEDED';
}

/** Expected reasons for which a tenant stays where it is, as the schema's TenantError types state them. */
export type MoveRefusal =
  | { __typename: 'TenantRegionUnknown'; message: string }
  | { __typename: 'TenantMoveRunning'; message: string };

export const regionUnknown = (config: RegionsConfig): MoveRefusal => ({
  __typename: 'TenantRegionUnknown',
  message: `There is no such region. There are: ${regionsOf(config)
    .map(({ name }) => name)
    .join(', ')}.`,
});

export const moveRunning = (): MoveRefusal => ({
  __typename: 'TenantMoveRunning',
  message: 'The tenant is on its way to another region. Move it again when it is there.',
});
