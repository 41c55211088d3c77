import type { Refusal } from '../platform/change.ts';
import { Dialog } from './Dialog.tsx';
import { Form } from './Form.tsx';

export interface ConfirmProps {
  title: string;
  /** What will happen. */
  lead: string;
  /** The button's words. */
  submit: string;
  isRunning: boolean;
  refusals: readonly Refusal[];
  onConfirm: () => unknown;
  onClose: () => void;
}

/** Asks before something that can't be taken back. */
export function Confirm({ title, lead, onConfirm, onClose, ...form }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form {...form} kind="danger" onSubmit={onConfirm} onCancel={onClose}>
        <p>{lead}</p>
      </Form>
    </Dialog>
  );
}
