// What samples of metrics take on disk: raw, and once they are rolled up. The bytes are those of the database's files, before
// and after, so that its journal, its indexes and what it has not yet given back count as an operator sees them.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { startSubgraph } from '@supergraph/chassis/subgraph';
import { acrossTenants, inTenant } from '@supergraph/chassis/tenancy';
import { definition as systemhealth } from '../../subgraphs/systemhealth/src/definition.ts';
import { rollSome } from '../../subgraphs/systemhealth/src/metrics/rolling.ts';
import { seriesIdOf } from '../../subgraphs/systemhealth/src/metrics/rules.ts';
import type { Benchmark } from './benchmark.ts';
import { startQuietPlatform } from './quiet-platform.ts';

export interface SeriesBenchmarkSize {
  samples: number;
  series: number;
  /** Between two samples of a series. */
  everyMs: number;
}

const tenantId = 'ten_series';
const metric = 'check_latency_seconds';
const atOnce = 2_000;

export const seriesBenchmark = (size: SeriesBenchmarkSize): Benchmark => ({
  summary: `bytes of MongoDB's files for ${size.samples.toLocaleString('en')} samples of metrics, raw and rolled up, by the million`,
  async run(context) {
    const { progress } = context;
    const platform = await startQuietPlatform({ ...context, apps: [] });
    try {
      const { env, dataDir } = platform.stack;
      // Without its own rolling up, which would begin before all is there.
      const copy = await startSubgraph(
        { ...systemhealth, workers: [] },
        {
          ...{ ...env.systemhealth, PORT: '0', LOG_LEVEL: 'silent', PLATFORM_TARGETS: '[]' },
        },
      );
      const { models, connection } = copy.service;
      const bytes = async () => {
        await connection
          .getClient()
          .db('admin')
          .command({ fsync: 1 })
          .catch(() => undefined);
        return sizeOf(dataDir, /mongo|secantus/);
      };
      const end = Math.floor(Date.now() / 3_600_000) * 3_600_000;
      const begin = end - (size.samples / size.series) * size.everyMs;
      const before = await bytes();
      const startedAt = performance.now();
      await progress.task(`${size.samples} samples`, () => inTenant(tenantId, write));
      const seconds = (performance.now() - startedAt) / 1_000;
      const raw = await bytes();
      const rollingAt = performance.now();
      await progress.task('rolling up', () =>
        acrossTenants('measuring', async () => {
          while (await rollSome(copy.service, Date.now()));
        }),
      );
      const rollingSeconds = (performance.now() - rollingAt) / 1_000;
      const rolled = await bytes();
      const [minutes, hours] = await inTenant(tenantId, async () => [
        await models.MetricMinute.countDocuments(),
        await models.MetricHour.countDocuments(),
      ]);
      await copy.stop();
      const byMillion = (taken: number) => Math.round((taken / size.samples) * 1e6);
      const figures = {
        ...{
          ...size,
          rawBytesByMillion: byMillion(raw - before),
          rolledBytesByMillion: byMillion(rolled - raw),
        },
        ...{ minutes, hours, samplesPerSecond: Math.round(size.samples / seconds) },
        rolledPerSecond: Math.round(size.samples / rollingSeconds),
      };
      return {
        rows: [
          [
            'samples',
            'raw MB by million',
            'rollups MB by million',
            'minutes',
            'hours',
            'stored/s',
            'rolled up/s',
          ],
          [
            String(size.samples),
            ...[figures.rawBytesByMillion, figures.rolledBytesByMillion].map((taken) =>
              (taken / 1e6).toFixed(1),
            ),
            ...[minutes, hours, figures.samplesPerSecond, figures.rolledPerSecond].map(String),
          ],
        ],
        figures,
        remarks: [
          'Where secantusd stands in for MongoDB, these are its bytes: it keeps a document for each sample, MongoDB packs a bucket.',
        ],
      };

      async function write(): Promise<void> {
        const ids = Array.from({ length: size.series }, (_, index) => {
          const labels = [{ name: 'check', value: `chk_${index}` }];
          return { _id: seriesIdOf(tenantId, metric, labels), labels };
        });
        await models.MetricSeries.insertMany(
          ids.map(({ _id, labels }) => ({
            ...{ _id, metric, labels, createdAt: new Date(begin), latestMinute: new Date(end - 60_000) },
            ...{ dirtyFrom: new Date(Math.floor(begin / 60_000) * 60_000), rollAt: new Date(begin) },
            expiresAt: new Date(end + 86_400_000),
          })),
        );
        for (let from = 0; from < size.samples; from += atOnce) {
          const rows = Array.from({ length: Math.min(atOnce, size.samples - from) }, (_, offset) => {
            const index = from + offset;
            const at = new Date(begin + Math.floor(index / size.series) * size.everyMs);
            const value = 0.02 + ((index * 7_919) % 1_000) / 20_000;
            return { at, meta: { seriesId: ids[index % size.series]?._id ?? '' }, value };
          });
          await models.MetricSample.insertMany(rows, { ordered: false });
        }
      }
    } finally {
      await platform.stop();
    }
  },
});

/** Of the files below folders of such a name. */
function sizeOf(folder: string, wanted: RegExp): number {
  let sum = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !wanted.test(entry.parentPath.slice(folder.length))) continue;
    sum += statSync(join(entry.parentPath, entry.name)).size;
  }
  return sum;
}
