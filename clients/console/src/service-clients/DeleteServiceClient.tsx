import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { DeleteServiceClientDocument } from './service-clients.generated.ts';

export interface DeleteServiceClientProps {
  client: { id: string; name: string };
  onClose: () => void;
}

export function DeleteServiceClient({ client: { id, name }, onClose }: DeleteServiceClientProps) {
  const { serviceClients: text } = useText();
  const form = useChangeForm(DeleteServiceClientDocument, {
    input: () => ({ id }),
    says: () => text.removed(name),
    onDone: onClose,
    of: ['ServiceClient', 'ApiKey'],
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(name)}
      lead={text.removeLead}
      submit={text.actions.remove}
      onClose={onClose}
    />
  );
}
