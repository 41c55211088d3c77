import { type ReactNode, useId } from 'react';

interface FieldFrame {
  label: string;
  name: string;
  /** What to write, below the field. */
  hint?: string;
  required?: boolean;
}

export interface TextFieldProps extends FieldFrame {
  type?: 'text' | 'email' | 'number' | 'url' | 'password';
  defaultValue?: string | number;
  maxLength?: number;
  min?: number;
  max?: number;
  /** Of a number: `any` for other than whole ones. */
  step?: 'any';
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
  defaultValue?: string;
  maxLength?: number;
  rows?: number;
  /** Whether it is for machines: a key, a certificate. */
  isCode?: boolean;
  /** What is wrong with what was typed; the browser says it at the field, and sends nothing. */
  faultOf?: (value: string) => string | undefined;
}

export function TextArea({ label, name, hint, rows = 3, isCode = false, faultOf, ...area }: TextAreaProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <textarea
        {...area}
        id={id}
        name={name}
        rows={isCode ? 6 : rows}
        className={isCode ? 'code' : undefined}
        spellCheck={!isCode}
        aria-describedby={hint && `${id}-hint`}
        onChange={({ target }) => target.setCustomValidity(faultOf?.(target.value) ?? '')}
      />
      <Hint id={`${id}-hint`}>{hint}</Hint>
    </div>
  );
}

export interface SelectFieldProps extends FieldFrame {
  options: readonly Choice[];
  defaultValue?: string;
  onChange?: (value: string) => void;
}

export interface Choice {
  value: string;
  label: string;
  /** What it means. */
  detail?: string;
}

export function SelectField({ label, name, hint, options, onChange, ...select }: SelectFieldProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <select
        {...select}
        id={id}
        name={name}
        aria-describedby={hint && `${id}-hint`}
        onChange={({ target }) => onChange?.(target.value)}
      >
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
