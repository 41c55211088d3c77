import { Confirm } from '../design/Confirm.tsx';
import { TextField } from '../design/Field.tsx';
import { numberOf, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { DecisionProps } from './TenantActions.tsx';
import { DeleteTenantDocument } from './tenant-operations.generated.ts';

export function DeleteTenant({ tenant: { id, name, slug }, onClose }: DecisionProps) {
  const { operations: text } = useText();
  const form = useChangeForm(DeleteTenantDocument, {
    input: (values) => ({
      tenantId: id,
      confirmSlug: textOf(values, 'slug'),
      graceDays: numberOf(values, 'days'),
    }),
    says: () => text.removeScheduled(name),
    onDone: onClose,
  });
  return (
    <Confirm
      {...form}
      title={text.removeTitle(name)}
      lead={text.removeLead}
      submit={text.remove}
      onClose={onClose}
    >
      <TextField label={text.confirmSlug(slug)} name="slug" hint={text.confirmHint} required />
      <TextField
        label={text.graceDays}
        name="days"
        type="number"
        min={0}
        max={365}
        defaultValue={30}
        hint={text.graceHint}
        required
      />
    </Confirm>
  );
}
