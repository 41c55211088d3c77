import { SelectField } from '../design/Field.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { RegionsDocument } from './tenant-operations.generated.ts';

export interface RegionFieldProps {
  label: string;
  hint?: string;
  /** Where it is already. */
  except?: string | null;
}

/** A region to choose, as `region`; nothing where there is only one to choose. */
export function RegionField({ label, hint, except }: RegionFieldProps) {
  const { operations: text } = useText();
  const question = useQuestion(RegionsDocument, { variables: {}, of: ['Region'] });
  const regions = question.data?.regions ?? [];
  if (regions.length < 2) return null;
  const options = regions
    .filter(({ name }) => name !== except)
    .map(({ name, isHome }) => ({ value: name, label: isHome ? text.home(name) : name }));
  return <SelectField label={label} name="region" hint={hint} options={options} required />;
}
