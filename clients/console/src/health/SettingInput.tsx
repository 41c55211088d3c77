import { SelectField, TextArea, TextField } from '../design/Field.tsx';
import { useText } from '../language/language.ts';
import { AssertionFields } from './AssertionFields.tsx';
import { assertionsIn, shownSetting } from './rules.ts';
import type { SettingField } from './settings-fields.ts';

export interface SettingInputProps {
  field: SettingField;
  /** The check's settings as they are; empty for a new one. */
  settings: Readonly<Record<string, unknown>>;
  isNew: boolean;
}

/** One setting, by what kind of value it has. */
export function SettingInput({ field, settings, isNew }: SettingInputProps) {
  const {
    health: { form: text },
  } = useText();
  const { name, as, isRequired = false, choices = [] } = field;
  const { label, hint } = text.settings[name];
  const frame = { label, name, ...(hint && { hint }), ...(isRequired && { required: true }) };
  const value = shownSetting(field, settings, isNew);
  const begun = value === null ? {} : { defaultValue: value };
  switch (as) {
    case 'assertions':
      return <AssertionFields initial={assertionsIn(settings)} />;
    case 'choice':
      return (
        <SelectField
          {...frame}
          {...begun}
          options={choices.map((each) => ({ value: each, label: text.comparisons[each] ?? each }))}
        />
      );
    case 'area':
    case 'lines':
    case 'headers':
      return <TextArea {...frame} {...begun} rows={2} maxLength={16_384} />;
    case 'number':
      return <TextField {...frame} {...begun} type="number" step="any" />;
    case 'whole':
      return <TextField {...frame} {...begun} type="number" min={0} />;
    default:
      return <TextField {...frame} {...begun} maxLength={500} />;
  }
}
