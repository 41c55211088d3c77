import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RevokeApiKeyDocument } from './api-keys.generated.ts';

export interface RevokeApiKeyProps {
  apiKey: { id: string; name: string };
  onClose: () => void;
}

export function RevokeApiKey({ apiKey: { id, name }, onClose }: RevokeApiKeyProps) {
  const { apiKeys: text } = useText();
  const form = useChangeForm(RevokeApiKeyDocument, {
    input: () => ({ id }),
    says: () => text.revoked(name),
    onDone: onClose,
  });
  return (
    <Confirm
      {...form}
      title={text.revokeTitle(name)}
      lead={text.revokeLead}
      submit={text.revoke}
      onClose={onClose}
    />
  );
}
