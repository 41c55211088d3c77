import { useId, useState } from 'react';
import { textOf } from './values.ts';

export interface InstantFieldProps {
  label: string;
  name: string;
  required?: boolean;
  /** What it says at first. */
  atMs?: number;
}

/** A minute in the person's own time zone. */
export function InstantField({ label, name, required = false, atMs }: InstantFieldProps) {
  const id = useId();
  const [initial] = useState(() => (atMs === undefined ? '' : localMinute(atMs)));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input id={id} name={name} type="datetime-local" required={required} defaultValue={initial} />
    </div>
  );
}

/** What a form sent of such a field, in UTC; null when it is empty. */
export function instantOf(values: FormData, name: string): string | null {
  const text = textOf(values, name);
  return text === '' ? null : new Date(text).toISOString();
}

/** As the browser writes it: without a zone, because it is the person's. */
function localMinute(ms: number): string {
  const at = new Date(ms);
  return new Date(ms - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
