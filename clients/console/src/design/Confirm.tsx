import type { ReactNode } from 'react';
import type { ChangeForm } from '../platform/change-form.ts';
import { Dialog } from './Dialog.tsx';
import { Form } from './Form.tsx';

export interface ConfirmProps extends ChangeForm {
  title: string;
  /** What will happen. */
  lead: string;
  /** The button's words. */
  submit: string;
  /** `primary` where nothing is lost by it. Default `danger`. */
  kind?: 'primary' | 'danger';
  onClose: () => void;
  /** What else has to be said before, such as a name typed again. */
  children?: ReactNode;
}

/** Asks before something of consequence. */
export function Confirm({ title, lead, onClose, children, kind = 'danger', ...form }: ConfirmProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <Form {...form} kind={kind} onCancel={onClose}>
        <p>{lead}</p>
        {children}
      </Form>
    </Dialog>
  );
}
