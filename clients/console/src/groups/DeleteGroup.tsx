import { announce } from '../design/announce.ts';
import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { DeleteGroupDocument } from './groups.generated.ts';

export interface DeleteGroupProps {
  group: { id: string; name: string };
  onClose: () => void;
}

export function DeleteGroup({ group, onClose }: DeleteGroupProps) {
  const { groups: text } = useText();
  const remove = useChange(DeleteGroupDocument, { of: ['Group'] });
  const confirm = async () => {
    if ((await remove.make({ input: { id: group.id } })) === null) return;
    announce(text.removed(group.name));
    onClose();
  };
  return (
    <Confirm
      {...remove}
      title={text.removeTitle(group.name)}
      lead={text.removeLead}
      submit={text.remove}
      onConfirm={confirm}
      onClose={onClose}
    />
  );
}
