import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Confirm } from '../design/Confirm.tsx';
import { TextField } from '../design/Field.tsx';
import { textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { session } from '../session.ts';
import { LeaveTenantDocument } from './membership.generated.ts';

interface OwnTenant {
  name: string;
  /** Null for those who may not see it. */
  slug: string | null;
}

/** Ends the person's own membership; they are signed out with it. */
export function LeaveTenant({ tenant }: { tenant: OwnTenant }) {
  const { membership: text } = useText();
  const [isLeaving, setIsLeaving] = useState(false);
  return (
    <section className="panel">
      <h2>{text.leave}</h2>
      <p>{text.leaveLead}</p>
      <div className="actions">
        <Button kind="danger" onClick={() => setIsLeaving(true)}>
          {text.leave}
        </Button>
      </div>
      {isLeaving && <ConfirmLeaving tenant={tenant} onClose={() => setIsLeaving(false)} />}
    </section>
  );
}

function ConfirmLeaving({ tenant, onClose }: { tenant: OwnTenant; onClose: () => void }) {
  const { membership: text } = useText();
  const form = useChangeForm(LeaveTenantDocument, {
    input: (values) => ({ confirmSlug: textOf(values, 'slug') }),
    onDone: () => void session.signOut(),
  });
  return (
    <Confirm
      {...form}
      title={text.leaveTitle(tenant.name)}
      lead={text.leaveLead}
      submit={text.leave}
      onClose={onClose}
    >
      <TextField label={text.confirmSlug(tenant.slug)} name="slug" hint={text.confirmHint} required />
    </Confirm>
  );
}
