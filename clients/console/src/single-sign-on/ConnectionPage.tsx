import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Button } from '../design/Button.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { NotFound } from '../shell/NoPage.tsx';
import { useMay } from '../shell/viewer.ts';
import { ConnectionPeople } from './ConnectionPeople.tsx';
import { ConnectionProvider } from './ConnectionProvider.tsx';
import { ConnectionState } from './ConnectionState.tsx';
import { type Connection, useConnections } from './connections.ts';
import { DeleteConnection } from './DeleteConnection.tsx';
import { EditProvider } from './EditProvider.tsx';
import { EditSettings } from './EditSettings.tsx';
import { type ConnectionSwitch, SwitchConnection, switchesOf } from './SwitchConnection.tsx';

export function ConnectionPage({ params: { id = '' } }: { params: { id?: string } }) {
  const { singleSignOn: text } = useText();
  const question = useConnections();
  return (
    <>
      <p>
        <Link href="/single-sign-on">{text.title}</Link>
      </p>
      <Loaded question={question}>
        {({ ssoConnections }) => {
          const connection = ssoConnections?.find((each) => each.id === id);
          return connection ? <OneConnection connection={connection} /> : <NotFound />;
        }}
      </Loaded>
    </>
  );
}

type Doing = 'settings' | 'provider' | 'remove' | ConnectionSwitch;

function OneConnection({ connection }: { connection: Connection }) {
  const { singleSignOn: text } = useText();
  const may = useMay();
  const [, navigate] = useLocation();
  const [doing, setDoing] = useState<Doing | null>(null);
  const stop = () => setDoing(null);
  const switches = switchesOf(connection);
  return (
    <>
      <PageHeader title={connection.name} lead={wordFor(text.protocols, connection.protocol)}>
        <ConnectionState connection={connection} />
        {may('sso-connection:write') && (
          <>
            <Button onClick={() => setDoing('settings')}>{text.settings}</Button>
            <Button onClick={() => setDoing('provider')}>{text.changeProvider}</Button>
            {switches.map((each) => (
              <Button key={each} onClick={() => setDoing(each)}>
                {text.switches[each].action}
              </Button>
            ))}
            <Button kind="danger" onClick={() => setDoing('remove')}>
              {text.remove}
            </Button>
          </>
        )}
      </PageHeader>
      <ConnectionProvider connection={connection} />
      <ConnectionPeople connection={connection} />
      {doing === 'settings' && <EditSettings connection={connection} onClose={stop} />}
      {doing === 'provider' && <EditProvider connection={connection} onClose={stop} />}
      {doing === 'remove' && (
        <DeleteConnection connection={connection} onDone={() => navigate('/single-sign-on')} onClose={stop} />
      )}
      {switches
        .filter((each) => each === doing)
        .map((each) => (
          <SwitchConnection key={each} connection={connection} to={each} onClose={stop} />
        ))}
    </>
  );
}
