import { Confirm } from '../design/Confirm.tsx';
import { textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RegionField } from './RegionField.tsx';
import type { DecisionProps } from './TenantActions.tsx';
import { MoveTenantDocument } from './tenant-operations.generated.ts';

export function MoveTenant({ tenant: { id, name, region }, onClose }: DecisionProps) {
  const { operations: text } = useText();
  const form = useChangeForm(MoveTenantDocument, {
    input: (values) => ({ tenantId: id, region: textOf(values, 'region') }),
    says: () => text.moving(name),
    onDone: onClose,
  });
  return (
    <Confirm {...form} title={text.moveTitle(name)} lead={text.moveLead} submit={text.move} onClose={onClose}>
      <RegionField label={text.moveTo} except={region} />
    </Confirm>
  );
}
