import { Confirm } from '../design/Confirm.tsx';
import { TextArea } from '../design/Field.tsx';
import { textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { DecisionProps } from './TenantActions.tsx';
import { SuspendTenantDocument } from './tenant-operations.generated.ts';

export function SuspendTenant({ tenant: { id, name }, onClose }: DecisionProps) {
  const { operations: text } = useText();
  const form = useChangeForm(SuspendTenantDocument, {
    input: (values) => ({ tenantId: id, reason: textOf(values, 'reason') }),
    says: () => text.suspended(name),
    onDone: onClose,
  });
  return (
    <Confirm
      {...form}
      title={text.suspendTitle(name)}
      lead={text.suspendLead}
      submit={text.suspend}
      onClose={onClose}
    >
      <TextArea label={text.reason} name="reason" hint={text.reasonHint} maxLength={500} required />
    </Confirm>
  );
}
