import type { ReactNode } from 'react';

export interface ButtonProps {
  children: ReactNode;
  kind?: 'plain' | 'primary' | 'danger';
  type?: 'button' | 'submit';
  disabled?: boolean;
  /** What it acts on, for those who don't see where it stands: "Revoke Deploys". */
  label?: string;
  onClick?: () => void;
}

export function Button({
  children,
  kind = 'plain',
  type = 'button',
  disabled = false,
  label,
  onClick,
}: ButtonProps) {
  return (
    <button
      type={type}
      className="button"
      data-kind={kind}
      disabled={disabled}
      aria-label={label}
      onClick={onClick}
    >
      {children}
    </button>
  );
}
