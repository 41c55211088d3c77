import { announce } from '../design/announce.ts';
import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { RevokeApiKeyDocument } from './api-keys.generated.ts';

export interface RevokeApiKeyProps {
  apiKey: { id: string; name: string };
  onClose: () => void;
}

export function RevokeApiKey({ apiKey: { id, name }, onClose }: RevokeApiKeyProps) {
  const { apiKeys: text } = useText();
  const revoke = useChange(RevokeApiKeyDocument);
  const confirm = async () => {
    if ((await revoke.make({ input: { id } })) === null) return;
    announce(text.revoked(name));
    onClose();
  };
  return (
    <Confirm
      {...revoke}
      title={text.revokeTitle(name)}
      lead={text.revokeLead}
      submit={text.revoke}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
