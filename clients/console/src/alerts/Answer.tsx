import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import {
  AcknowledgeAlertDocument,
  type AlertInFullFragment,
  SilenceAlertDocument,
} from './alert.generated.ts';
import { silenceHours, silenceOf } from './rules.ts';

/** What somebody does about an alert that fires: taking care of it, or keeping it quiet. */
export function Answer({ alert }: { alert: AlertInFullFragment }) {
  const { alerts: text } = useText();
  const may = useMay();
  const [doing, setDoing] = useState<'acknowledge' | 'silence' | null>(null);
  const stop = () => setDoing(null);
  if (alert.endedAt !== null) return null;
  const canAcknowledge =
    may('alert:acknowledge') && alert.state === 'FIRING' && alert.acknowledgement === null;
  return (
    <div className="actions">
      {canAcknowledge && (
        <Button kind="primary" onClick={() => setDoing('acknowledge')}>
          {text.acknowledge}
        </Button>
      )}
      {may('silence:write') && <Button onClick={() => setDoing('silence')}>{text.silence}</Button>}
      {doing === 'acknowledge' && <Acknowledge alert={alert} onClose={stop} />}
      {doing === 'silence' && <Silence alert={alert} onClose={stop} />}
    </div>
  );
}

interface AnswerProps {
  alert: AlertInFullFragment;
  onClose: () => void;
}

function Acknowledge({ alert: { id }, onClose }: AnswerProps) {
  const { alerts: text } = useText();
  const form = useChangeForm(AcknowledgeAlertDocument, {
    input: (values) => ({ id, note: String(values.get('note')) || null }),
    says: () => text.isAcknowledged,
    onDone: onClose,
  });
  return (
    <Dialog title={text.acknowledge} onClose={onClose}>
      <Form {...form} submit={text.acknowledge} onCancel={onClose}>
        <p>{text.acknowledgeLead}</p>
        <TextField label={text.note} name="note" maxLength={1_000} />
      </Form>
    </Dialog>
  );
}

function Silence({ alert: { labels }, onClose }: AnswerProps) {
  const { alerts: text } = useText();
  const form = useChangeForm(SilenceAlertDocument, {
    input: (values) => {
      const hours = Number(values.get('hours'));
      return silenceOf({ labels, hours, comment: String(values.get('comment')) }, Date.now());
    },
    says: () => text.isSilenced,
    onDone: onClose,
  });
  return (
    <Dialog title={text.silence} onClose={onClose}>
      <Form {...form} submit={text.silence} onCancel={onClose}>
        <p>{text.silenceLead}</p>
        <SelectField
          label={text.hours}
          name="hours"
          options={silenceHours.map((hours) => ({ value: String(hours), label: String(hours) }))}
        />
        <TextField label={text.reason} name="comment" required maxLength={1_000} />
      </Form>
    </Dialog>
  );
}
