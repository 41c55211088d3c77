import type { SignInFailure } from '@supergraph/session/rules';
import { Button } from '../design/Button.tsx';
import { Notice } from '../design/Notice.tsx';
import type { Catalogue } from '../language/catalogue.ts';
import { useText } from '../language/language.ts';
import { session } from '../session.ts';

export function SignedOut({ failure }: { failure: SignInFailure | null }) {
  const text = useText();
  return (
    <section className="signed-out" aria-labelledby="signed-out">
      <title>{text.product}</title>
      {failure && (
        <Notice tone="bad">
          <p>{explain(failure, text)}</p>
        </Notice>
      )}
      <h1 id="signed-out">{text.signedOut.title}</h1>
      <p className="quiet">{text.signedOut.lead}</p>
      <Button kind="primary" onClick={session.signIn}>
        {text.shell.signIn}
      </Button>
      <p className="quiet">
        {text.signedOut.hint} <code>.data/demo-accounts.json</code>.
      </p>
    </section>
  );
}

function explain({ code, description }: SignInFailure, { signInFailure }: Catalogue): string {
  const known: Record<string, string | ((reason: string) => string)> = signInFailure;
  const words = known[code];
  return typeof words === 'string' ? words : signInFailure.other(description ?? code);
}
