import 'graphiql/setup-workers/vite';
// The parts' own stylesheets instead of graphiql/style.css, which carries 400 kB of fonts as data: URLs.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import './workbench.css';
import { createLocalStorage } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect, useState } from 'react';
import { createDevelopers } from '../graphql/developers.ts';
import { createPlatformFetcher } from '../graphql/fetcher.ts';
import { openingQueries } from '../graphql/queries.ts';
import { InspectedContext } from '../inspection/context.ts';
import { DeniedMarks } from '../inspection/DeniedMarks.tsx';
import { createInspection } from '../inspection/inspection.ts';
import { WatchOperation } from '../inspection/WatchOperation.tsx';
import { CursorFacts } from '../schema-facts/CursorFacts.tsx';
import { HoverFacts } from '../schema-facts/HoverFacts.tsx';
import { session } from '../session.ts';
import { LiveStatus } from './LiveStatus.tsx';
import { plugins } from './plugins.tsx';

// Tabs and history are kept under a name of their own: this origin serves other pages too.
const storage = createLocalStorage({ namespace: 'supergraph-explorer' });
const defaultTabs = openingQueries.map((query) => ({ query }));

export default function Workbench() {
  const [platform] = useState(() => createPlatformFetcher(location.origin, session));
  const [inspected] = useState(() => ({
    inspection: createInspection(createDevelopers(location.origin, session)),
    runs: platform.runs,
  }));
  useEffect(() => () => platform.dispose(), [platform]);
  return (
    <InspectedContext value={inspected}>
      <GraphiQL
        fetcher={platform.fetcher}
        storage={storage}
        defaultTabs={defaultTabs}
        plugins={plugins}
        schemaDescription
      >
        {/* The slot above the response, beside the tabs. */}
        <GraphiQL.Logo>
          <LiveStatus live={platform.live} />
        </GraphiQL.Logo>
        <WatchOperation />
        <DeniedMarks />
        <HoverFacts />
        <CursorFacts />
      </GraphiQL>
    </InspectedContext>
  );
}
