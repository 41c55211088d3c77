import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { type ApiKeyOfList, ApiKeyRow } from './ApiKeyRow.tsx';
import { ApiKeysDocument } from './api-keys.generated.ts';
import { CreateApiKey } from './CreateApiKey.tsx';
import { RevokeApiKey } from './RevokeApiKey.tsx';
import { RotateApiKey } from './RotateApiKey.tsx';
import { Secret } from './Secret.tsx';

type Doing =
  | { what: 'create' }
  | { what: 'rotate' | 'revoke'; apiKey: ApiKeyOfList }
  | { what: 'show'; secret: string };

export function ApiKeysPage() {
  const { apiKeys: text } = useText();
  const may = useMay();
  const pages = usePages();
  const [doing, setDoing] = useState<Doing | null>(null);
  const question = useQuestion(ApiKeysDocument, { variables: { after: pages.after }, of: ['ApiKey'] });
  const stop = () => setDoing(null);
  const show = (secret: string) => setDoing({ what: 'show', secret });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('api-key:write') && (
          <Button kind="primary" onClick={() => setDoing({ what: 'create' })}>
            {text.create}
          </Button>
        )}
      </PageHeader>
      <Loaded question={question}>
        {({ apiKeys }) =>
          !apiKeys || apiKeys.nodes.length === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <>
              <Table
                caption={text.caption}
                columns={[text.name, text.permissions, text.state, text.expires, text.lastUsed]}
                hasActions
              >
                {apiKeys.nodes.map((apiKey) => (
                  <ApiKeyRow key={apiKey.id} apiKey={apiKey} onDo={(what) => setDoing({ what, apiKey })} />
                ))}
              </Table>
              <Pager pages={pages} pageInfo={apiKeys.pageInfo} />
            </>
          )
        }
      </Loaded>
      {doing?.what === 'create' && <CreateApiKey onDone={show} onClose={stop} />}
      {doing?.what === 'rotate' && <RotateApiKey apiKey={doing.apiKey} onDone={show} onClose={stop} />}
      {doing?.what === 'revoke' && <RevokeApiKey apiKey={doing.apiKey} onClose={stop} />}
      {doing?.what === 'show' && <Secret secret={doing.secret} onClose={stop} />}
    </>
  );
}
