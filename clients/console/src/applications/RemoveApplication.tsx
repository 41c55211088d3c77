import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RemoveApplicationDocument } from './applications.generated.ts';

export interface RemoveApplicationProps {
  application: { id: string; name: string };
  onClose: () => void;
}

export function RemoveApplication({ application: { id, name }, onClose }: RemoveApplicationProps) {
  const { applications: text } = useText();
  const form = useChangeForm(RemoveApplicationDocument, {
    input: () => ({ id }),
    says: () => text.removed(name),
    onDone: onClose,
    of: ['RegisteredClient'],
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
