import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { DeleteGroupDocument } from './groups.generated.ts';

export interface DeleteGroupProps {
  group: { id: string; name: string };
  onClose: () => void;
}

export function DeleteGroup({ group, onClose }: DeleteGroupProps) {
  const { groups: text } = useText();
  const form = useChangeForm(DeleteGroupDocument, {
    input: () => ({ id: group.id }),
    says: () => text.removed(group.name),
    onDone: onClose,
    of: ['Group'],
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(group.name)}
      lead={text.removeLead}
      submit={text.remove}
      onClose={onClose}
    />
  );
}
