import { announce } from '../design/announce.ts';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { useText } from '../language/language.ts';

/** The only time that a secret is shown: it lives in this component and goes with it. */
export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  const text = useText();
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    announce(text.apiKeys.copied);
  };
  return (
    <Dialog title={text.apiKeys.secretTitle} onClose={onClose}>
      <div className="form">
        <p>{text.apiKeys.secretLead}</p>
        <code className="secret">{secret}</code>
        <div className="actions">
          <Button kind="primary" onClick={() => void copy()}>
            {text.apiKeys.copy}
          </Button>
          <Button onClick={onClose}>{text.form.close}</Button>
        </div>
      </div>
    </Dialog>
  );
}
