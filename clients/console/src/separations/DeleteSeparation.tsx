import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { DeleteSeparationDocument } from './separations.generated.ts';

export interface DeleteSeparationProps {
  separation: { id: string; name: string };
  onClose: () => void;
}

export function DeleteSeparation({ separation: { id, name }, onClose }: DeleteSeparationProps) {
  const { separations: text } = useText();
  const form = useChangeForm(DeleteSeparationDocument, {
    input: () => ({ id }),
    says: () => text.removed(name),
    onDone: onClose,
    of: ['SeparationOfDuties'],
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
