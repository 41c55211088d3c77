import { Secret } from '../design/Secret.tsx';
import { useText } from '../language/language.ts';
import type { ApiKeyOfList } from './ApiKeyRow.tsx';
import { CreateApiKey } from './CreateApiKey.tsx';
import { RevokeApiKey } from './RevokeApiKey.tsx';
import { RotateApiKey } from './RotateApiKey.tsx';

/** What somebody is about to do with an API key, or has to see of it. */
export type ApiKeyTask =
  | { what: 'create' }
  | { what: 'rotate' | 'revoke'; apiKey: ApiKeyOfList }
  | { what: 'show'; secret: string };

export interface ApiKeyDialogsProps {
  task: ApiKeyTask | null;
  /** Permissions that a new key is for, unless the person thinks otherwise. */
  suggested?: readonly string[];
  onTask: (next: ApiKeyTask | null) => void;
}

export function ApiKeyDialogs({ task, suggested, onTask }: ApiKeyDialogsProps) {
  const { apiKeys: text } = useText();
  const stop = () => onTask(null);
  const show = (secret: string) => onTask({ what: 'show', secret });
  switch (task?.what) {
    case 'create':
      return <CreateApiKey suggested={suggested} onDone={show} onClose={stop} />;
    case 'rotate':
      return <RotateApiKey apiKey={task.apiKey} onDone={show} onClose={stop} />;
    case 'revoke':
      return <RevokeApiKey apiKey={task.apiKey} onClose={stop} />;
    case 'show':
      return <Secret secret={task.secret} use={text.secretUse} onClose={stop} />;
    default:
      return null;
  }
}
