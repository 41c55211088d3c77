import type { Choice } from './Field.tsx';

export interface ChoicesProps {
  legend: string;
  name: string;
  choices: readonly Choice[];
  /** Values that are ticked at first. */
  chosen?: readonly string[];
  /** What to say when there is nothing to choose. */
  none: string;
}

/** Any number out of a list. */
export function Choices({ legend, name, choices, chosen = [], none }: ChoicesProps) {
  return (
    <fieldset className="choices">
      <legend>{legend}</legend>
      {choices.length === 0 && <p className="quiet">{none}</p>}
      {choices.map(({ value, label, detail }) => (
        <label key={value} className="choice">
          <input type="checkbox" name={name} value={value} defaultChecked={chosen.includes(value)} />
          <span>{label}</span>
          {detail && <small>{detail}</small>}
        </label>
      ))}
    </fieldset>
  );
}
