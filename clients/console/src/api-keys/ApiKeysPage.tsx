import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { ApiKeyDialogs, type ApiKeyTask } from './ApiKeyDialogs.tsx';
import { ApiKeyTable } from './ApiKeyTable.tsx';
import { ApiKeysDocument } from './api-keys.generated.ts';

export function ApiKeysPage() {
  const { apiKeys: text } = useText();
  const may = useMay();
  const pages = usePages();
  const [task, setTask] = useState<ApiKeyTask | null>(null);
  const question = useQuestion(ApiKeysDocument, {
    variables: { first: 25, after: pages.after },
    of: ['ApiKey'],
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('api-key:write') && (
          <Button kind="primary" onClick={() => setTask({ what: 'create' })}>
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
              <ApiKeyTable apiKeys={apiKeys.nodes} onTask={setTask} />
              <Pager pages={pages} pageInfo={apiKeys.pageInfo} />
            </>
          )
        }
      </Loaded>
      <ApiKeyDialogs task={task} onTask={setTask} />
    </>
  );
}
