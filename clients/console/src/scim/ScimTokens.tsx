import { useState } from 'react';
import { ApiKeyDialogs, type ApiKeyTask } from '../api-keys/ApiKeyDialogs.tsx';
import { ApiKeyTable } from '../api-keys/ApiKeyTable.tsx';
import { ApiKeysDocument } from '../api-keys/api-keys.generated.ts';
import { Button } from '../design/Button.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Pager, usePages } from '../design/Pager.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';

const permissions = ['scim:read', 'scim:write'];

/** The tokens that directories show: API keys with a permission of SCIM. */
export function ScimTokens() {
  const { scim: text } = useText();
  const may = useMay();
  const pages = usePages();
  const [task, setTask] = useState<ApiKeyTask | null>(null);
  const question = useQuestion(ApiKeysDocument, {
    variables: { first: 100, after: pages.after },
    of: ['ApiKey'],
  });
  return (
    <section className="panel">
      <h2>{text.tokens}</h2>
      <p>{text.tokensLead}</p>
      {may('api-key:write') && (
        <div className="actions">
          <Button kind="primary" onClick={() => setTask({ what: 'create' })}>
            {text.create}
          </Button>
        </div>
      )}
      <Loaded question={question}>
        {({ apiKeys }) => {
          if (!apiKeys) return null;
          const tokens = apiKeys.nodes.filter((key) =>
            key.permissions.some((permission) => permissions.includes(permission)),
          );
          return (
            <>
              {tokens.length === 0 ? (
                <EmptyState>{text.none}</EmptyState>
              ) : (
                <ApiKeyTable apiKeys={tokens} onTask={setTask} />
              )}
              <Pager pages={pages} pageInfo={apiKeys.pageInfo} />
            </>
          );
        }}
      </Loaded>
      <ApiKeyDialogs task={task} suggested={permissions} onTask={setTask} />
    </section>
  );
}
