import { Dialog } from '../design/Dialog.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import type { Connection } from './connections.ts';
import { UpdateSsoConnectionDocument } from './single-sign-on.generated.ts';

const changes = {
  enable: { isEnabled: true },
  disable: { isEnabled: false },
  require: { isRequired: true },
  release: { isRequired: false },
} as const;

export type ConnectionSwitch = keyof typeof changes;

/** What can be switched as the connection is now. */
export function switchesOf({ isEnabled, isRequired }: Connection): ConnectionSwitch[] {
  return [isEnabled ? 'disable' : 'enable', isRequired ? 'release' : 'require'];
}

export interface SwitchConnectionProps {
  connection: Connection;
  to: ConnectionSwitch;
  onClose: () => void;
}

/** Says first what will become of the people and their sessions. */
export function SwitchConnection({ connection: { id, name }, to, onClose }: SwitchConnectionProps) {
  const { singleSignOn } = useText();
  const text = singleSignOn.switches[to];
  const form = useChangeForm(UpdateSsoConnectionDocument, {
    input: () => ({ id, ...changes[to] }),
    says: () => singleSignOn.saved(name),
    onDone: onClose,
  });
  const endsSessions = to === 'disable' || to === 'require';
  return (
    <Dialog title={text.title(name)} onClose={onClose}>
      <Form {...form} kind={endsSessions ? 'danger' : 'primary'} submit={text.action} onCancel={onClose}>
        <p>{text.lead}</p>
      </Form>
    </Dialog>
  );
}
