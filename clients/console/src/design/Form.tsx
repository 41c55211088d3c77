import type { ReactNode } from 'react';
import { useText } from '../language/language.ts';
import type { Refusal } from '../platform/change.ts';
import { Button } from './Button.tsx';
import { Refusals } from './Refusals.tsx';

export { choicesOf, linesOf, numberOf, textOf } from './values.ts';

export interface FormProps {
  /** The button's words. */
  submit: string;
  /** Whether the button does something that can't be taken back. */
  kind?: 'primary' | 'danger';
  isRunning: boolean;
  refusals: readonly Refusal[];
  onSubmit: (values: FormData) => unknown;
  onCancel?: () => void;
  children?: ReactNode;
}

/** Fields, why they were refused, and the buttons. What was typed stays when something was refused. */
export function Form({
  submit,
  kind = 'primary',
  isRunning,
  refusals,
  onSubmit,
  onCancel,
  children,
}: FormProps) {
  const text = useText();
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit(new FormData(event.currentTarget));
      }}
    >
      <Refusals refusals={refusals} />
      {children}
      <div className="actions">
        <Button type="submit" kind={kind} disabled={isRunning}>
          {isRunning ? text.form.running : submit}
        </Button>
        {onCancel && <Button onClick={onCancel}>{text.form.cancel}</Button>}
      </div>
    </form>
  );
}
