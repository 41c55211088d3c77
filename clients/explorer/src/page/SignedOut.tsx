import type { SignInFailure } from '@supergraph/session/rules';
import { session } from '../session.ts';
import { noticeOf } from './notices.ts';

export function SignedOut({ failure }: { failure: SignInFailure | null }) {
  const notice = failure && noticeOf(failure);
  return (
    <section className="signed-out" aria-labelledby="signed-out-heading">
      {notice && (
        <div className="notice" role="alert">
          <strong>{notice.title}</strong>
          <p>{notice.detail}</p>
        </div>
      )}
      <h2 id="signed-out-heading">Sign in to see the schema and run queries</h2>
      <p>
        The platform shows each person only what their roles allow, and its schema only to those who are
        signed in.
      </p>
      <button type="button" className="primary large" onClick={session.signIn}>
        Sign in
      </button>
      <p className="hint">
        On your own machine? The demo accounts, such as <code>owner@acme.test</code>, and their passwords are
        in <code>.data/demo-accounts.json</code>.
      </p>
    </section>
  );
}
