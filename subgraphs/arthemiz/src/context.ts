// What this subgraph's resolvers, routes and workers are given.
import type { SubgraphContext } from '@supergraph/chassis/context';
import type { Models } from '@supergraph/chassis/models';
import type { Service } from '@supergraph/chassis/subgraph';
import type { Viewer } from '@supergraph/chassis/viewer';
import type { Config } from './config.ts';
import type { Loaders } from './loaders.ts';
import type { models } from './models.ts';

/** The running subgraph. */
export type Arthemiz = Service<Config, Models<typeof models>>;

/** The context of one operation. */
export type Context = SubgraphContext<Arthemiz, Loaders>;

/** What the schema's type Viewer is made of; named apart from it for the generated types. */
export type ViewerParent = Viewer;
