import type { ReactNode } from 'react';
import { useText } from '../language/language.ts';
import type { Refusal } from '../platform/change.ts';
import { Button } from './Button.tsx';
import { Refusals } from './Refusals.tsx';

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

/** A text that the form sent; empty when it has no such field. */
export function textOf(values: FormData, name: string): string {
  const value = values.get(name);
  return typeof value === 'string' ? value.trim() : '';
}

/** A number that the form sent; null when its field is empty, or when it has no such field. */
export function numberOf(values: FormData, name: string): number | null {
  const text = textOf(values, name);
  return text === '' ? null : Number(text);
}

/** All choices that were ticked under a name. */
export function choicesOf(values: FormData, name: string): string[] {
  return values.getAll(name).filter((value) => typeof value === 'string');
}
