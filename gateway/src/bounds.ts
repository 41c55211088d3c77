import type { ApiKeysOptions } from './authentication/apiKeys.ts';
import type { SigningKeysOptions } from './authentication/signingKeys.ts';
import type { LostReportsOptions } from './authorization/lostReports.ts';
import type { DenialReporterOptions } from './authorization/reportDenials.ts';
import type { BlocksBounds } from './blocks/openBlocks.ts';
import type { CacheOptions } from './caching/cache.ts';
import type { EventStreamsOptions } from './edge/eventStreams.ts';
import type { WebSocketsOptions } from './edge/webSockets.ts';
import type { SubgraphBounds } from './execution/subgraphClient.ts';
import type { GrantsBounds } from './grants/openGrants.ts';
import type { FieldUsageOptions } from './observability/fieldUsage.ts';
import type { AutomaticQueriesOptions } from './persistedDocuments/automaticQueries.ts';
import type { WatchedDocumentsOptions } from './persistedDocuments/watchedDocuments.ts';
import type { LiveBounds } from './subscriptions/liveOperations.ts';
import type { SubgraphEventsOptions } from './subscriptions/subgraphEvents.ts';
import type { FileSourceOptions } from './supergraph/fileSource.ts';
import type { ServedGenerationOptions } from './supergraph/servedGeneration.ts';

/** Bounds that differ from their defaults; the defaults stand beside what they bound. */
export interface GatewayBounds {
  usage?: Pick<FieldUsageOptions, 'tellMs' | 'maximumUntold'>;
  webSockets?: Pick<WebSocketsOptions, 'limits' | 'keepAliveMs' | 'maximumMessageBytes'>;
  eventStreams?: Pick<EventStreamsOptions, 'keepAliveMs' | 'maximumUnsentBytes'>;
  signingKeys?: Pick<SigningKeysOptions, 'refreshMs' | 'maximumAgeMs' | 'cooldownMs' | 'timeoutMs'>;
  lostReports?: Pick<LostReportsOptions, 'tellMs'>;
  denials?: Pick<DenialReporterOptions, 'maximumKept' | 'retryMs' | 'gatherMs' | 'maximumGathered'>;
  grants?: GrantsBounds;
  blocks?: BlocksBounds;
  apiKeys?: Pick<ApiKeysOptions, 'freshMs' | 'graceMs'>;
  cache?: Pick<CacheOptions, 'freshSeconds' | 'readMs'>;
  subgraphs?: SubgraphBounds;
  supergraph?: Pick<FileSourceOptions, 'pollMs'> &
    Partial<Pick<ServedGenerationOptions, 'longestOperationMs'>>;
  trustedDocuments?: Pick<WatchedDocumentsOptions, 'lookEveryMs'>;
  automaticQueries?: Pick<AutomaticQueriesOptions, 'lifetimeSeconds' | 'maximumBytes' | 'maximumTextBytes'>;
  live?: LiveBounds;
  subgraphEvents?: Pick<SubgraphEventsOptions, 'keepAliveMs' | 'connectMs' | 'pausesMs'>;
}
