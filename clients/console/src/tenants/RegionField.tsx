import { SelectField } from '../design/Field.tsx';
import { useText } from '../language/language.ts';
import { useRegions } from './regions.ts';

export interface RegionFieldProps {
  label: string;
  hint?: string;
  /** Where it is already. */
  except?: string | null;
}

/** A region to choose, as `region`; nothing where there is only one to choose. */
export function RegionField({ label, hint, except }: RegionFieldProps) {
  const { operations: text } = useText();
  const regions = useRegions();
  if (regions.length < 2) return null;
  const options = regions
    .filter(({ name }) => name !== except)
    .map(({ name, isHome }) => ({ value: name, label: isHome ? text.home(name) : name }));
  return <SelectField label={label} name="region" hint={hint} options={options} required />;
}
