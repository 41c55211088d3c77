import { announce } from '../design/announce.ts';
import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { DeleteRoleDocument } from './roles.generated.ts';

export interface DeleteRoleProps {
  role: { id: string; name: string };
  onClose: () => void;
}

export function DeleteRole({ role, onClose }: DeleteRoleProps) {
  const { roles: text } = useText();
  const remove = useChange(DeleteRoleDocument, { of: ['Role'] });
  const confirm = async () => {
    if ((await remove.make({ input: { id: role.id } })) === null) return;
    announce(text.removed(role.name));
    onClose();
  };
  return (
    <Confirm
      {...remove}
      title={text.removeTitle(role.name)}
      lead={text.removeLead}
      submit={text.remove}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
