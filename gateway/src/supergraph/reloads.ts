// Looks for another supergraph, and puts it in the place of the one that is served when it can be. One that cannot is
// told of, and the last good one stays.
import type { Logger } from '@supergraph/chassis/logging';
import { findBreakingChanges } from 'graphql';
import { Counter, Gauge, type Registry } from 'prom-client';
import type { Generation } from '../generation.ts';
import type { ServedGeneration } from './servedGeneration.ts';
import type { SupergraphSource, SupergraphVersion } from './supergraphSource.ts';
import { warm } from './warming.ts';

export interface SupergraphReloads {
  /** Rejects while the newest supergraph is another than the one that is served, as it cannot be used or read. */
  demandNewest(): Promise<void>;
  stop(): Promise<void>;
}

export interface SupergraphReloadsOptions {
  source: SupergraphSource;
  served: ServedGeneration;
  /** @throws why a version cannot be served */
  build(version: SupergraphVersion): Generation;
  registry: Registry;
  logger: Logger;
}

export function followSupergraph(options: SupergraphReloadsOptions): SupergraphReloads {
  const { source, served, build, registry, logger } = options;
  const reloads = new Counter({
    name: 'gateway_supergraph_reloads_total',
    help: 'Supergraphs that took the place of another (applied), could not be served (refused) or read (unreadable).',
    labelNames: ['outcome'],
    registers: [registry],
  });
  showGenerations(served, registry);
  let trouble: Error | undefined;
  /** The hash of the last that was refused, so that it is told once. */
  let refused = '';
  let line: Promise<void> = Promise.resolve();
  let isStopping = false;

  async function replaceBy(version: SupergraphVersion): Promise<void> {
    const { supergraph: before, version: old, operations } = served.current();
    const startedAt = performance.now();
    const next = build(version);
    const breaking = findBreakingChanges(before.schema, next.supergraph.schema);
    const facts = { hash: version.hash, version: version.label, before: old.hash };
    if (breaking.length > 0) {
      const changes = breaking.slice(0, 10).map(({ description }) => description);
      logger.warn(
        { ...facts, count: breaking.length, changes },
        'the new supergraph breaks clients of the old one',
      );
    }
    const ready = await warm({ from: operations, to: next.operations, logger });
    if (isStopping) return next.close();
    served.replace(next);
    reloads.inc({ outcome: 'applied' });
    logger.info(
      { ...facts, ready, milliseconds: Math.round(performance.now() - startedAt) },
      'serving another supergraph',
    );
  }

  async function look(): Promise<void> {
    if (isStopping) return;
    let version: SupergraphVersion;
    try {
      version = await source.read();
    } catch (error) {
      if (trouble === undefined)
        logger.error({ err: error, source: source.name }, 'the supergraph cannot be read');
      reloads.inc({ outcome: 'unreadable' });
      trouble = new Error('the supergraph cannot be read', { cause: error });
      return;
    }
    if (isStopping) return;
    if (version.hash === served.current().version.hash) {
      trouble = undefined;
      refused = '';
      return;
    }
    if (version.hash === refused) return;
    try {
      await replaceBy(version);
      trouble = undefined;
      refused = '';
    } catch (error) {
      refused = version.hash;
      trouble = new Error(`the newest supergraph (${version.label}) cannot be served`, { cause: error });
      reloads.inc({ outcome: 'refused' });
      const facts = { hash: version.hash, version: version.label, serving: served.current().version.label };
      logger.error({ err: error, ...facts }, 'the newest supergraph cannot be served; the one before stays');
    }
  }

  const lookSoon = () => {
    line = line.then(look);
  };
  source.watch(lookSoon);
  // What is served first may be what stands in for it.
  lookSoon();
  return {
    async demandNewest() {
      if (trouble) throw trouble;
    },
    async stop() {
      isStopping = true;
      await line;
      served.stop();
    },
  };
}

function showGenerations(served: ServedGeneration, registry: Registry): void {
  new Gauge({
    name: 'gateway_supergraph_info',
    help: 'The supergraph that is served: always 1.',
    aggregator: 'max',
    labelNames: ['hash', 'version'],
    registers: [registry],
    collect() {
      const { hash, label } = served.current().version;
      this.reset();
      this.set({ hash, version: label }, 1);
    },
  });
  new Gauge({
    name: 'gateway_supergraphs_retired',
    help: 'Supergraphs that are not served any more, of which operations or subscriptions go on.',
    registers: [registry],
    collect() {
      this.set(served.retired());
    },
  });
}
