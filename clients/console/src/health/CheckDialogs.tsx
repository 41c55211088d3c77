import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { Secret } from '../design/Secret.tsx';
import { useText } from '../language/language.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { CheckForm } from './CheckForm.tsx';
import {
  CreateCheckDocument,
  DeleteCheckDocument,
  EditedCheckDocument,
  type EditedCheckFragment,
  PauseCheckDocument,
  RenewHeartbeatUrlDocument,
  ResumeCheckDocument,
  UpdateCheckDocument,
} from './check-form.generated.ts';
import { typedCheck } from './check-input.ts';
import { changesOf } from './rules.ts';
import { isFormKind } from './settings-fields.ts';

/** Adds a check to a service; the URL of a heartbeat is shown once. */
export function AddCheck({ serviceId, onDone }: { serviceId: string; onDone: () => void }) {
  const {
    health: { form: text },
  } = useText();
  const [isOpen, setOpen] = useState(false);
  const [url, setUrl] = useState<string | null>(null);
  const form = useChangeForm(CreateCheckDocument, {
    input: (values) => {
      const typed = textOf(values, 'kind');
      const kind = isFormKind(typed) ? typed : 'HTTP';
      return { serviceId, kind, ...typedCheck(values, kind) };
    },
    says: () => text.isAdded,
    onDone: ({ heartbeatUrl }) => {
      setOpen(false);
      setUrl(heartbeatUrl);
      onDone();
    },
  });
  return (
    <>
      <Button kind="primary" onClick={() => setOpen(true)}>
        {text.add}
      </Button>
      {isOpen && (
        <Dialog title={text.add} onClose={() => setOpen(false)}>
          <CheckForm form={form} submit={text.add} check={null} onCancel={() => setOpen(false)} />
        </Dialog>
      )}
      {url !== null && <Secret secret={url} use={text.heartbeatUse} onClose={() => setUrl(null)} />}
    </>
  );
}

/** What can be done with a check of the tenant's own. */
export function CheckActions({
  check,
  onDone,
}: {
  check: { id: string; name: string; kind: string; isPaused: boolean };
  onDone: () => void;
}) {
  const {
    health: { form: text },
  } = useText();
  const [doing, setDoing] = useState<'change' | 'renew' | 'switch' | 'delete' | null>(null);
  const stop = () => setDoing(null);
  return (
    <div className="actions">
      <Button onClick={() => setDoing('change')}>{text.changeOf(check.name)}</Button>
      {check.kind === 'HEARTBEAT' && (
        <Button onClick={() => setDoing('renew')}>{text.renewOf(check.name)}</Button>
      )}
      <Button
        label={`${check.isPaused ? text.resume : text.pause}: ${check.name}`}
        onClick={() => setDoing('switch')}
      >
        {check.isPaused ? text.resume : text.pause}
      </Button>
      <Button kind="danger" label={`${text.delete}: ${check.name}`} onClick={() => setDoing('delete')}>
        {text.delete}
      </Button>
      {doing === 'switch' && <SwitchCheck check={check} onClose={stop} onDone={onDone} />}
      {doing === 'delete' && (
        <ConfirmChange
          document={DeleteCheckDocument}
          input={{ id: check.id }}
          title={`${text.delete}: ${check.name}`}
          lead={text.deleteLead}
          submit={text.delete}
          says={text.isDeleted}
          of={['Check', 'Service']}
          onDone={onDone}
          onClose={stop}
        />
      )}
      {doing === 'change' && (
        <Dialog title={text.change} onClose={stop}>
          <ChangeCheck
            id={check.id}
            onClose={stop}
            onDone={() => {
              stop();
              onDone();
            }}
          />
        </Dialog>
      )}
      {doing === 'renew' && <RenewUrl id={check.id} onClose={stop} />}
    </div>
  );
}

interface SwitchCheckProps {
  check: { id: string; name: string; isPaused: boolean };
  onClose: () => void;
  onDone: () => void;
}

function SwitchCheck({ check: { id, name, isPaused }, ...shared }: SwitchCheckProps) {
  const {
    health: { form: text },
  } = useText();
  return isPaused ? (
    <ConfirmChange
      {...shared}
      document={ResumeCheckDocument}
      input={{ id }}
      title={`${text.resume}: ${name}`}
      lead={text.resumeLead}
      submit={text.resume}
      kind="primary"
      says={text.isChanged}
      of={['Check']}
    />
  ) : (
    <ConfirmChange
      {...shared}
      document={PauseCheckDocument}
      input={{ id }}
      title={`${text.pause}: ${name}`}
      lead={text.pauseLead}
      submit={text.pause}
      says={text.isChanged}
      of={['Check']}
    />
  );
}

interface ChangeCheckProps {
  id: string;
  onClose: () => void;
  onDone: () => void;
}

function ChangeCheck({ id, onClose, onDone }: ChangeCheckProps) {
  const question = useQuestion(EditedCheckDocument, { variables: { id }, of: ['Check'] });
  return (
    <Loaded question={question}>
      {({ check }) => check && <ChangeForm check={check} onClose={onClose} onDone={onDone} />}
    </Loaded>
  );
}

interface ChangeFormProps extends Omit<ChangeCheckProps, 'id'> {
  check: EditedCheckFragment;
}

function ChangeForm({ check, onClose, onDone }: ChangeFormProps) {
  const {
    health: { form: text },
  } = useText();
  const form = useChangeForm(UpdateCheckDocument, {
    input: (values) => ({
      id: check.id,
      ...changesOf(typedCheck(values, isFormKind(check.kind) ? check.kind : 'HTTP'), check),
    }),
    says: () => text.isChanged,
    onDone,
  });
  return <CheckForm form={form} submit={text.change} check={check} onCancel={onClose} />;
}

function RenewUrl({ id, onClose }: { id: string; onClose: () => void }) {
  const {
    health: { form: text },
  } = useText();
  const [url, setUrl] = useState<string | null>(null);
  const form = useChangeForm(RenewHeartbeatUrlDocument, {
    input: () => ({ id }),
    onDone: ({ heartbeatUrl }) => setUrl(heartbeatUrl),
  });
  if (url !== null) return <Secret secret={url} use={text.heartbeatUse} onClose={onClose} />;
  return (
    <Dialog title={text.renew} onClose={onClose}>
      <Form {...form} submit={text.renew} onCancel={onClose}>
        <p>{text.renewLead}</p>
      </Form>
    </Dialog>
  );
}
