import { type ReactNode, useId } from 'react';

interface FieldFrame {
  label: string;
  name: string;
  /** What to write, below the field. */
  hint?: string;
  required?: boolean;
}

export interface TextFieldProps extends FieldFrame {
  type?: 'text' | 'email' | 'number';
  defaultValue?: string | number;
  maxLength?: number;
  min?: number;
  max?: number;
  pattern?: string;
}

export function TextField({ label, name, hint, type = 'text', ...input }: TextFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        {...input}
        id={id}
        name={name}
        type={type}
        autoComplete="off"
        aria-describedby={hint && `${id}-hint`}
      />
      <Hint id={`${id}-hint`}>{hint}</Hint>
    </div>
  );
}

export interface TextAreaProps extends FieldFrame {
  maxLength?: number;
  defaultValue?: string;
}

export function TextArea({ label, name, hint, ...area }: TextAreaProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea {...area} id={id} name={name} rows={3} aria-describedby={hint && `${id}-hint`} />
      <Hint id={`${id}-hint`}>{hint}</Hint>
    </div>
  );
}

export interface SelectFieldProps extends FieldFrame {
  options: readonly Choice[];
  defaultValue?: string;
}

export interface Choice {
  value: string;
  label: string;
  /** What it means. */
  detail?: string;
}

export function SelectField({ label, name, hint, options, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select {...select} id={id} name={name} aria-describedby={hint && `${id}-hint`}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
      <Hint id={`${id}-hint`}>{hint}</Hint>
    </div>
  );
}

function Hint({ id, children }: { id: string; children: ReactNode }) {
  if (!children) return null;
  return (
    <small id={id} className="quiet">
      {children}
    </small>
  );
}
