import { Table } from '../design/Table.tsx';
import { useText } from '../language/language.ts';
import type { ApiKeyTask } from './ApiKeyDialogs.tsx';
import { type ApiKeyOfList, ApiKeyRow } from './ApiKeyRow.tsx';

export interface ApiKeyTableProps {
  apiKeys: readonly ApiKeyOfList[];
  onTask: (task: ApiKeyTask) => void;
}

export function ApiKeyTable({ apiKeys, onTask }: ApiKeyTableProps) {
  const { apiKeys: text } = useText();
  return (
    <Table
      caption={text.caption}
      columns={[text.name, text.permissions, text.state, text.expires, text.lastUsed]}
      hasActions
    >
      {apiKeys.map((apiKey) => (
        <ApiKeyRow key={apiKey.id} apiKey={apiKey} onDo={(what) => onTask({ what, apiKey })} />
      ))}
    </Table>
  );
}
