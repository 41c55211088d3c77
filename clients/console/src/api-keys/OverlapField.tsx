import { TextField } from '../design/Field.tsx';
import { textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';

/** For how many hours a secret goes on beside the one that takes its place. */
export function OverlapField() {
  const { apiKeys: text } = useText();
  return (
    <TextField
      label={text.overlap}
      name="hours"
      type="number"
      min={0}
      max={168}
      defaultValue={24}
      hint={text.overlapHint}
      required
    />
  );
}

export const overlapHoursOf = (values: FormData): number => Number(textOf(values, 'hours'));
