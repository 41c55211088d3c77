import type { TypedDocumentNode } from 'urql';
import { Confirm } from '../design/Confirm.tsx';
import type { Payload } from './change.ts';
import { useChangeForm } from './change-form.ts';

export interface ConfirmChangeProps<Field extends string, Done extends Payload, Input> {
  /** Of one mutation that takes an `input`. */
  document: TypedDocumentNode<Record<Field, Done | null>, { input: Input }>;
  input: Input;
  title: string;
  /** What will happen. */
  lead: string;
  /** The button's words. */
  submit: string;
  kind?: 'primary' | 'danger';
  /** What to tell once it is done. */
  says: string;
  /** Types that it changes. */
  of: readonly string[];
  onDone?: (done: Done) => void;
  onClose: () => void;
}

/** Asks before a change that needs nothing more to be said. */
export function ConfirmChange<Field extends string, Done extends Payload, Input>({
  document,
  input,
  says,
  of,
  onDone,
  ...words
}: ConfirmChangeProps<Field, Done, Input>) {
  const form = useChangeForm(document, {
    input: () => input,
    says: () => says,
    onDone: (done: Done) => {
      words.onClose();
      onDone?.(done);
    },
    of,
  });
  return <Confirm {...form} {...words} />;
}
