import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { DeleteSsoConnectionDocument } from './single-sign-on.generated.ts';

export interface DeleteConnectionProps {
  connection: { id: string; name: string };
  onDone: () => void;
  onClose: () => void;
}

export function DeleteConnection({ connection: { id, name }, onDone, onClose }: DeleteConnectionProps) {
  const { singleSignOn: text } = useText();
  const form = useChangeForm(DeleteSsoConnectionDocument, {
    input: () => ({ id }),
    says: () => text.removed(name),
    onDone,
    of: ['SsoConnection', 'Domain'],
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(name)}
      lead={text.removeLead}
      submit={text.remove}
      onClose={onClose}
    />
  );
}
