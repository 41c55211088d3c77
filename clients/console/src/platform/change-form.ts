// A mutation that a form sends: what was typed becomes its input, what was refused stays in the form.
import type { TypedDocumentNode } from 'urql';
import { announce } from '../design/announce.ts';
import { type ChangeOptions, type Payload, type Refusal, useChange } from './change.ts';

/** To be spread into `Form`. */
export interface ChangeForm {
  isRunning: boolean;
  refusals: readonly Refusal[];
  onSubmit: (values: FormData) => Promise<void>;
}

export interface ChangeFormOptions<Input, Done> extends ChangeOptions {
  /** What the mutation gets of what was typed. */
  input: (values: FormData) => Input;
  /** What to tell once it is done. */
  says?: (done: Done, input: Input) => string;
  /** What comes then, such as closing the dialog. Not called where it was refused. */
  onDone?: (done: Done, input: Input) => void;
}

/** For a document of one mutation that takes an `input`. */
export function useChangeForm<Field extends string, Done extends Payload, Input>(
  document: TypedDocumentNode<Record<Field, Done | null>, { input: Input }>,
  { input: inputOf, says, onDone, of }: ChangeFormOptions<Input, Done>,
): ChangeForm {
  const { make, isRunning, refusals } = useChange(document, { of });
  return {
    isRunning,
    refusals,
    async onSubmit(values) {
      const input = inputOf(values);
      const done = await make({ input });
      if (done === null) return;
      if (says) announce(says(done, input));
      onDone?.(done, input);
    },
  };
}
