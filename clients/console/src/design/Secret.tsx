import type { ReactNode } from 'react';
import { useText } from '../language/language.ts';
import { Button } from './Button.tsx';
import { useCopy } from './copy.ts';
import { Dialog } from './Dialog.tsx';

export interface SecretProps {
  secret: string;
  /** How programs use it. */
  use: string;
  /** What they need beside it. */
  children?: ReactNode;
  onClose: () => void;
}

/** The only time that a secret is shown: it lives in this component and goes with it. */
export function Secret({ secret, use, children, onClose }: SecretProps) {
  const text = useText();
  const copy = useCopy();
  return (
    <Dialog title={text.secret.title} onClose={onClose}>
      <div className="form">
        <p>
          {text.secret.lead} {use}
        </p>
        {children}
        <code className="secret">{secret}</code>
        <div className="actions">
          <Button kind="primary" onClick={() => copy(secret)}>
            {text.copying.copy}
          </Button>
          <Button onClick={onClose}>{text.form.close}</Button>
        </div>
      </div>
    </Dialog>
  );
}
