import { useState } from 'react';
import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { aggregations } from '../metrics/rules.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { CreateAlertRuleDocument } from './alert-rules.generated.ts';
import { type Kind, kinds, newRuleOf } from './rules.ts';

export interface CreateAlertRuleProps {
  /** What a rule about rules can be about. */
  rules: readonly { id: string; name: string }[];
  onClose: () => void;
}

/** A rule of any kind: the kind decides which fields there are. */
export function CreateAlertRule({ rules, onClose }: CreateAlertRuleProps) {
  const { alertRules: text, alerts, health } = useText();
  const [kind, setKind] = useState<Kind>('threshold');
  const form = useChangeForm(CreateAlertRuleDocument, {
    input: (values) => newRuleOf(kind, values),
    says: ({ alertRule }) => text.created(alertRule?.name ?? ''),
    onDone: onClose,
    of: ['AlertRule'],
  });
  const others = rules.map(({ id, name }) => ({ value: id, label: name }));
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Form {...form} submit={text.create} onCancel={onClose}>
        <TextField label={text.name} name="name" maxLength={100} required />
        <SelectField
          label={text.kind}
          name="kind"
          options={kinds.map((each) => ({ value: each, label: text.kinds[each] }))}
          defaultValue={kind}
          onChange={(value) => setKind(kinds.find((each) => each === value) ?? 'threshold')}
        />
        {kind === 'checkStatus' && (
          <Choices
            legend={text.statuses}
            name="status"
            choices={(['DOWN', 'UNKNOWN', 'UP'] as const).map((each) => ({
              value: each,
              label: health.statuses[each],
            }))}
            chosen={['DOWN']}
            none=""
          />
        )}
        {kind === 'composite' ? (
          (['allOf', 'anyOf', 'noneOf'] as const).map((each) => (
            <Choices key={each} legend={text[each]} name={each} choices={others} none={text.noOthers} />
          ))
        ) : kind === 'checkStatus' ? null : (
          <OfMetric kind={kind} />
        )}
        <SelectField
          label={text.severity}
          name="severity"
          options={(['CRITICAL', 'WARNING', 'INFO'] as const).map((each) => ({
            value: each,
            label: alerts.severities[each],
          }))}
          defaultValue="WARNING"
        />
        <TextField label={text.for} name="for" type="number" min={0} max={86_400} defaultValue={0} required />
      </Form>
    </Dialog>
  );
}

function OfMetric({ kind }: { kind: Exclude<Kind, 'checkStatus' | 'composite'> }) {
  const { alertRules: text, metrics } = useText();
  const hasLimit = kind === 'threshold' || kind === 'rateOfChange';
  return (
    <>
      <TextField label={metrics.metric} name="metric" maxLength={200} required />
      <TextField label={text.label} name="label" maxLength={63} hint={text.labelHint} />
      <TextField label={text.labelValue} name="labelValue" maxLength={200} />
      {kind !== 'absence' && (
        <SelectField
          label={text.aggregation}
          name="aggregation"
          options={aggregations
            .filter((each) => kind !== 'anomaly' || (each !== 'SUM' && each !== 'COUNT'))
            .map((each) => ({ value: each, label: metrics.aggregations[each] }))}
          defaultValue="AVG"
        />
      )}
      <TextField
        label={kind === 'absence' ? text.duration : text.window}
        name="window"
        type="number"
        min={kind === 'anomaly' ? 60 : kind === 'absence' ? 10 : 1}
        max={kind === 'anomaly' ? 3_600 : 86_400}
        defaultValue={300}
        required
      />
      {kind === 'rateOfChange' && (
        <SelectField
          label={text.unit}
          name="unit"
          options={(['PERCENT', 'PER_SECOND', 'ABSOLUTE'] as const).map((each) => ({
            value: each,
            label: text.units[each],
          }))}
        />
      )}
      {hasLimit && (
        <>
          <SelectField
            label={text.comparison}
            name="comparison"
            options={(['ABOVE', 'AT_LEAST', 'BELOW', 'AT_MOST'] as const).map((each) => ({
              value: each,
              label: text.comparisons[each],
            }))}
          />
          <DecimalField label={text.threshold} name="threshold" isRequired />
          <DecimalField label={text.clearThreshold} name="clearThreshold" hint={text.clearHint} />
        </>
      )}
      {kind === 'anomaly' && (
        <>
          <TextField
            label={text.deviations}
            name="deviations"
            type="number"
            min={1}
            max={100}
            defaultValue={4}
            required
          />
          <TextField
            label={text.weeks}
            name="weeks"
            type="number"
            min={3}
            max={12}
            defaultValue={4}
            required
          />
        </>
      )}
    </>
  );
}

/** Any number: a number field would refuse fractions. */
function DecimalField({
  isRequired = false,
  ...field
}: {
  label: string;
  name: string;
  hint?: string;
  isRequired?: boolean;
}) {
  return <TextField {...field} required={isRequired} pattern="-?[0-9]*\.?[0-9]+" maxLength={30} />;
}
