import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { DeleteRoleDocument } from './roles.generated.ts';

export interface DeleteRoleProps {
  role: { id: string; name: string };
  onClose: () => void;
}

export function DeleteRole({ role, onClose }: DeleteRoleProps) {
  const { roles: text } = useText();
  const form = useChangeForm(DeleteRoleDocument, {
    input: () => ({ id: role.id }),
    says: () => text.removed(role.name),
    onDone: onClose,
    of: ['Role'],
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(role.name)}
      lead={text.removeLead}
      submit={text.remove}
      onClose={onClose}
    />
  );
}
