import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { RemoveDomainDocument } from './domains.generated.ts';

export interface RemoveDomainProps {
  domain: { id: string; name: string };
  onClose: () => void;
}

export function RemoveDomain({ domain: { id, name }, onClose }: RemoveDomainProps) {
  const { domains: text } = useText();
  const form = useChangeForm(RemoveDomainDocument, {
    input: () => ({ id }),
    says: () => text.removed(name),
    onDone: onClose,
    of: ['Domain', 'SsoConnection'],
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
