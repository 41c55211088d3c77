// What this subgraph's resolvers and handlers are given.
import type { SubgraphContext } from '@supergraph/chassis/context';
import type { Models } from '@supergraph/chassis/models';
import type { Service } from '@supergraph/chassis/subgraph';
import type { Config } from './config.ts';
import type { Loaders } from './loaders.ts';
import type { models } from './models.ts';

/** The running subgraph. */
export type Sentinel = Service<Config, Models<typeof models>>;

/** The context of one operation. */
export type Context = SubgraphContext<Sentinel, Loaders>;
