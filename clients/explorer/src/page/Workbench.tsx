import 'graphiql/setup-workers/vite';
// The parts' own stylesheets instead of graphiql/style.css, which carries 400 kB of fonts as data: URLs.
import '@graphiql/react/style.css';
import '@graphiql/plugin-doc-explorer/style.css';
import '@graphiql/plugin-history/style.css';
import 'graphiql/graphiql.css';
import { createLocalStorage } from '@graphiql/toolkit';
import { GraphiQL } from 'graphiql';
import { useEffect, useState } from 'react';
import { createPlatformFetcher } from '../graphql/fetcher.ts';
import { openingQueries } from '../graphql/queries.ts';
import { session } from '../session/session.ts';
import { LiveStatus } from './LiveStatus.tsx';

// Tabs and history are kept under a name of their own: this origin serves other pages too.
const storage = createLocalStorage({ namespace: 'supergraph-explorer' });
const defaultTabs = openingQueries.map((query) => ({ query }));

export default function Workbench() {
  const [platform] = useState(() => createPlatformFetcher(location.origin, session));
  useEffect(() => () => platform.dispose(), [platform]);
  return (
    <GraphiQL fetcher={platform.fetcher} storage={storage} defaultTabs={defaultTabs} schemaDescription>
      {/* The slot above the response, beside the tabs. */}
      <GraphiQL.Logo>
        <LiveStatus live={platform.live} />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}
