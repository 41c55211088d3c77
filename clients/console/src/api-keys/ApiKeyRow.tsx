import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Tags } from '../design/Tags.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useMay, useViewer } from '../shell/viewer.ts';
import type { ApiKeysQuery } from './api-keys.generated.ts';
import { stateOf } from './rules.ts';

export type ApiKeyOfList = NonNullable<ApiKeysQuery['apiKeys']>['nodes'][number];

export interface ApiKeyRowProps {
  apiKey: ApiKeyOfList;
  onDo: (what: 'rotate' | 'revoke') => void;
}

export function ApiKeyRow({ apiKey, onDo }: ApiKeyRowProps) {
  const { apiKeys: text } = useText();
  const may = useMay();
  const viewer = useViewer();
  const written = useInstants();
  const state = stateOf(apiKey, Date.now());
  return (
    <tr>
      <th scope="row">{apiKey.name}</th>
      <td>
        <Tags names={apiKey.permissions} />
      </td>
      <td>
        <Badge tone={state === 'good' ? 'good' : 'neutral'}>{text.states[state]}</Badge>
      </td>
      <td>{written(apiKey.expiresAt)}</td>
      <td>{apiKey.lastUsedAt === null ? text.never : written(apiKey.lastUsedAt)}</td>
      <td>
        {state === 'good' && may('api-key:write') && (
          <div className="actions">
            {apiKey.createdBy === viewer.id && (
              <Button label={`${text.rotate}: ${apiKey.name}`} onClick={() => onDo('rotate')}>
                {text.rotate}
              </Button>
            )}
            <Button kind="danger" label={`${text.revoke}: ${apiKey.name}`} onClick={() => onDo('revoke')}>
              {text.revoke}
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}
