import { useState } from 'react';
import { Button } from '../design/Button.tsx';
import { SelectField, TextField } from '../design/Field.tsx';
import { useText } from '../language/language.ts';
import type { EditedAssertionFragment } from './check-form.generated.ts';

const most = 10;

type Row = { readonly key: number } & Partial<EditedAssertionFragment>;

/** What must hold of an answer: as many rows as the person adds. */
export function AssertionFields({ initial }: { initial: readonly EditedAssertionFragment[] }) {
  const {
    health: { form: text },
  } = useText();
  const [rows, setRows] = useState<readonly Row[]>(initial.map((each, key) => ({ ...each, key })));
  const add = () => setRows([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1 }]);
  return (
    <fieldset className="choices">
      <legend>{text.assertions}</legend>
      {rows.map((row, index) => (
        <AssertionRow
          key={row.key}
          row={row}
          place={index + 1}
          onRemove={() => setRows(rows.filter(({ key }) => key !== row.key))}
        />
      ))}
      {rows.length < most && <Button onClick={add}>{text.addAssertion}</Button>}
    </fieldset>
  );
}

interface AssertionRowProps {
  row: Row;
  place: number;
  onRemove: () => void;
}

function AssertionRow({ row, place, onRemove }: AssertionRowProps) {
  const {
    health: { form: text },
  } = useText();
  const [source, setSource] = useState<string>(row.source ?? 'BODY');
  const [comparison, setComparison] = useState<string>(row.comparison ?? 'CONTAINS');
  return (
    <fieldset className="choices">
      <legend>{text.assertion(place)}</legend>
      <SelectField
        label={text.source}
        name="assertion-source"
        defaultValue={source}
        options={Object.entries(text.sources).map(([value, label]) => ({ value, label }))}
        onChange={setSource}
      />
      {/* Always there, so that the columns of what is sent are equally long. */}
      {source === 'BODY' ? (
        <input type="hidden" name="assertion-selector" value="" />
      ) : (
        <TextField
          label={text.selector}
          name="assertion-selector"
          maxLength={200}
          defaultValue={row.selector ?? ''}
          required
        />
      )}
      <SelectField
        label={text.comparison}
        name="assertion-comparison"
        defaultValue={comparison}
        options={Object.entries(text.comparisons).map(([value, label]) => ({ value, label }))}
        onChange={setComparison}
      />
      {comparison.endsWith('EXISTS') ? (
        <input type="hidden" name="assertion-value" value="" />
      ) : (
        <TextField
          label={text.value}
          name="assertion-value"
          maxLength={1_000}
          defaultValue={row.value ?? ''}
        />
      )}
      <Button onClick={onRemove}>{text.removeAssertion(place)}</Button>
    </fieldset>
  );
}
