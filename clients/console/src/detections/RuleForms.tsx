import { useLocation } from 'wouter';
import { Dialog } from '../design/Dialog.tsx';
import { TextArea } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { CreateDetectionRuleDocument, UpdateDetectionRuleDocument } from './detections.generated.ts';

/** To begin with: a rule that works, and what shows it. */
const draft = {
  sigma: `title: A program signs in from another country
level: medium
tags: [attack.t1078]
logsource: { product: supergraph, service: authentication }
detection:
  selection: { activity_id: 1, status_id: 1, src_endpoint.ip|startswith: '203.0.113.' }
  condition: selection
`,
  found: '[{ "activity_id": 1, "status_id": 1, "src_endpoint": { "ip": "203.0.113.9" }, "time": 0 }]',
  notFound: '[{ "activity_id": 1, "status_id": 1, "src_endpoint": { "ip": "192.0.2.1" }, "time": 0 }]',
};

export function AddRule({ onClose }: { onClose: () => void }) {
  const { detections: text } = useText();
  const [, navigate] = useLocation();
  const inputOf = useInput();
  const form = useChangeForm(CreateDetectionRuleDocument, {
    input: inputOf,
    says: () => text.added,
    onDone: ({ rule }) => {
      onClose();
      if (rule) navigate(`/detection-rules/${rule.id}`);
    },
    of: ['DetectionRule'],
  });
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <RuleFields {...draft} />
      </Form>
    </Dialog>
  );
}

export interface ChangeRuleProps {
  rule: { id: string; title: string; sigma: string };
  onClose: () => void;
}

/** The examples are given anew: the text that they fit is another one. */
export function ChangeRule({ rule: { id, title, sigma }, onClose }: ChangeRuleProps) {
  const { detections: text } = useText();
  const inputOf = useInput();
  const form = useChangeForm(UpdateDetectionRuleDocument, {
    input: (values) => ({ id, ...inputOf(values) }),
    says: ({ rule }) => text.changed(rule?.version ?? 1),
    onDone: onClose,
    of: ['DetectionRule'],
  });
  return (
    <Dialog title={`${text.change}: ${title}`} onClose={onClose}>
      <Form {...form} submit={text.change} onCancel={onClose}>
        <RuleFields sigma={sigma} found="" notFound="" />
      </Form>
    </Dialog>
  );
}

function useInput() {
  const { detections: text } = useText();
  return (values: FormData) => ({
    sigma: textOf(values, 'sigma'),
    examples: [
      { name: text.exampleFound, events: textOf(values, 'found'), isFound: true },
      { name: text.exampleNotFound, events: textOf(values, 'notFound'), isFound: false },
    ],
  });
}

function RuleFields({ sigma, found, notFound }: typeof draft) {
  const { detections: text } = useText();
  const field = { required: true, isCode: true };
  return (
    <>
      <TextArea {...field} label={text.sigma} name="sigma" maxLength={65_536} defaultValue={sigma} />
      <TextArea {...field} label={text.found} name="found" hint={text.eventsHint} defaultValue={found} />
      <TextArea
        {...field}
        label={text.notFound}
        name="notFound"
        hint={text.eventsHint}
        defaultValue={notFound}
      />
    </>
  );
}
