// Finding what is some tenant's before it is known whose: each region is asked.
import { inTime } from '@supergraph/chassis/deadline';
import { demandNobodyBetween } from '@supergraph/chassis/residency/at-home';
import { acrossTenants } from '@supergraph/chassis/tenancy';
import type { Arthemiz } from '../context.ts';

type Regional = Pick<Arthemiz, 'regions' | 'connection'>;
type Found<Row> = () => PromiseLike<Row[]>;

/** The one thing that is in one of the regions, the home region asked first; null where it is in none. */
export async function findInRegions<Row>(
  { regions, connection }: Regional,
  { reason, find }: { reason: string; find: () => PromiseLike<Row | null> },
): Promise<Row | null> {
  for (const { name: region } of regions) {
    const found = await acrossTenants(reason, find, { region });
    if (found !== null) return found;
  }
  demandNobodyBetween(connection);
  return null;
}

/** All that is in any of the regions, the home region's first. Fails while one of them does not answer. */
export async function listInRegions<Row>(
  { regions, connection }: Regional,
  { reason, list }: { reason: string; list: Found<Row> },
): Promise<Row[]> {
  demandNobodyBetween(connection);
  const found = await Promise.all(regions.map(({ name: region }) => acrossTenants(reason, list, { region })));
  return found.flat();
}

/** A region that is away keeps nobody from what is in the others for longer. */
const patienceMs = 2_000;

/** The same of the regions that answer. Fails where what is missing may be all there is. */
export async function listInReach<Row>(
  { regions, connection, logger }: Regional & Pick<Arthemiz, 'logger'>,
  { reason, list }: { reason: string; list: Found<Row> },
): Promise<Row[]> {
  const [home, ...others] = regions;
  if (home === undefined) return [];
  const failures: unknown[] = [];
  const inOthers = others.map(({ name: region }) =>
    inTime(acrossTenants(reason, list, { region }), {
      deadlineMs: patienceMs,
      otherwise() {
        throw new Error(`The region ${region} did not answer in time.`);
      },
    }).catch((error: unknown): Row[] => {
      logger.warn({ err: error, region, reason }, 'a region does not answer');
      failures.push(error);
      return [];
    }),
  );
  const atHome = await acrossTenants(reason, list, { region: home.name });
  const found = [...atHome, ...(await Promise.all(inOthers)).flat()];
  if (found.length > 0) return found;
  if (failures.length > 0) throw failures[0];
  demandNobodyBetween(connection);
  return [];
}
