import { useState } from 'react';
import { EmptyState } from '../design/EmptyState.tsx';
import { Form } from '../design/Form.tsx';
import { InstantField, instantOf } from '../design/InstantField.tsx';
import { Notice } from '../design/Notice.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { BackTestDetectionRuleDocument, type BackTestDetectionRuleMutation } from './detections.generated.ts';

type Tried = NonNullable<BackTestDetectionRuleMutation['backTestDetectionRule']>;

const weekMs = 7 * 86_400_000;

/** What a text would have found in what was recorded. */
export function BackTest({ sigma }: { sigma: string }) {
  const { detections: text } = useText();
  const [tried, setTried] = useState<Tried | null>(null);
  const form = useChangeForm(BackTestDetectionRuleDocument, {
    input: (values) => ({ sigma, since: instantOf(values, 'since') ?? '' }), // the browser demands it
    onDone: setTried,
  });
  return (
    <Section title={text.backTest} lead={text.backTestLead}>
      <Form {...form} submit={text.backTest}>
        <InstantField label={text.backTestSince} name="since" required atMs={Date.now() - weekMs} />
      </Form>
      {tried && <Outcome tried={tried} />}
    </Section>
  );
}

function Outcome({ tried: { eventCount, isPartial, hits } }: { tried: Tried }) {
  const { detections: text } = useText();
  const written = useInstants();
  return (
    <div role="status" className="form">
      {hits.length === 0 ? (
        <EmptyState>{text.backTestResult(eventCount, 0)}</EmptyState>
      ) : (
        <>
          <p>{text.backTestResult(eventCount, hits.length)}</p>
          <Table
            caption={text.backTestCaption}
            columns={[text.about, text.events, text.firstSeen, text.lastSeen]}
          >
            {hits.map(({ subjects, evidenceCount, firstSeenAt, lastSeenAt }, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: hits have no ids, and are replaced as a whole
              <tr key={index}>
                <th scope="row">{subjects.map(({ value }) => value).join(', ') || '–'}</th>
                <td>{evidenceCount}</td>
                <td>{written(firstSeenAt)}</td>
                <td>{written(lastSeenAt)}</td>
              </tr>
            ))}
          </Table>
        </>
      )}
      {isPartial && (
        <Notice tone="warn">
          <p>{text.backTestPartial}</p>
        </Notice>
      )}
    </div>
  );
}
