// A service's databases: one in each region where tenants' data may lie, with the chassis' own collections in each.
import type { Connection } from 'mongoose';
import type { Logger } from 'pino';
import { connectDatabase } from '../database.ts';
import type { Health } from '../health.ts';
import { createInbox } from '../inbox.ts';
import { createOutbox } from '../outbox.ts';
import type { Opened } from '../shutdown.ts';
import type { Region } from './placement.ts';

export interface RegionsOptions {
  config: {
    MONGODB_URI: string;
    HOME_REGION: string;
    MONGODB_URIS: Readonly<Record<string, string>>;
    NAMESPACE: string;
    OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  };
  service: string;
  logger: Logger;
  health: Health;
  opened: Opened;
}

/** Connects to each region; all have to answer. The home region is the first. */
export async function openRegions(options: RegionsOptions): Promise<[Region, ...Region[]]> {
  const { config, service, logger, health, opened } = options;
  const others = Object.entries(config.MONGODB_URIS);
  if (others.some(([name]) => name === config.HOME_REGION)) {
    throw new Error(`${config.HOME_REGION} is the home region: its URI is MONGODB_URI, not in MONGODB_URIS.`);
  }
  const open = async (uri: string, region?: string): Promise<Region> => {
    const connection = await connectDatabase({
      ...{ uri, namespace: config.NAMESPACE, service, region, logger },
      isTraced: config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    });
    const name = region === undefined ? 'mongodb' : `mongodb ${region}`;
    opened.add(name, () => connection.close());
    // Without one of the other regions, the tenants of the rest are served.
    health.add({
      name,
      necessity: region === undefined ? 'required' : 'degrading',
      check: () => ping(connection),
    });
    return {
      name: region ?? config.HOME_REGION,
      connection,
      outbox: createOutbox(connection),
      inbox: createInbox(connection, { isRegional: others.length > 0 }),
    };
  };
  const home = await open(config.MONGODB_URI);
  const regions: [Region, ...Region[]] = [home];
  for (const [name, uri] of others) regions.push(await open(uri, name));
  return regions;
}

async function ping(connection: Connection): Promise<void> {
  await connection.getClient().db('admin').command({ ping: 1 }, { timeoutMS: 900 });
}
