import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { EmptyState } from '../design/EmptyState.tsx';
import { TextArea } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Table } from '../design/Table.tsx';
import { ServiceChoicesDocument } from '../health/service-choices.generated.ts';
import { useText } from '../language/language.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import { exampleDocument, percent, toneOfBudget, withSlos } from './rules.ts';
import {
  CreateSloDocument,
  SloChangesDocument,
  type SloOfListFragment,
  SlosDocument,
} from './slos.generated.ts';

/** What was promised of the services, and what is left of each budget. */
export function SlosPage() {
  const { slos: text } = useText();
  const may = useMay();
  const [isCreating, setCreating] = useState(false);
  const view = useLive({
    present: SlosDocument,
    asked: { after: null as string | null },
    next: ({ slos }) => (slos?.pageInfo.hasNextPage ? { after: slos.pageInfo.endCursor } : null),
    changes: SloChangesDocument,
    followed: {},
    state: (pages) =>
      withSlos(
        new Map(),
        pages.flatMap(({ slos }) => slos?.nodes ?? []),
      ),
    apply: withSlos,
  });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead}>
        {may('slo:write') && (
          <Button kind="primary" onClick={() => setCreating(true)}>
            {text.create}
          </Button>
        )}
      </PageHeader>
      {isCreating && <CreateSlo onClose={() => setCreating(false)} />}
      <Live view={view}>
        {(slos) =>
          slos.size === 0 ? (
            <EmptyState>{text.none}</EmptyState>
          ) : (
            <Table
              caption={text.caption}
              columns={[text.name, text.target, text.remaining, text.burning, text.known]}
            >
              {[...slos.values()].map((slo) => (
                <SloRow key={slo.id} slo={slo} />
              ))}
            </Table>
          )
        }
      </Live>
    </>
  );
}

function SloRow({ slo: { id, name, displayName, target, budget, burnRates } }: { slo: SloOfListFragment }) {
  const { slos: text } = useText();
  const remaining = budget?.remaining ?? null;
  const isBurning = burnRates.some((rate) => rate.isBurning === true);
  return (
    <tr>
      <th scope="row">
        <Link href={`/slos/${id}`}>{displayName ?? name}</Link>
      </th>
      <td>{percent(target)}</td>
      <td>
        <Badge tone={toneOfBudget(remaining)}>
          {remaining === null ? text.unknown : percent(remaining, 1)}
        </Badge>
      </td>
      <td>{isBurning ? <Badge tone="bad">{text.tooFast}</Badge> : '–'}</td>
      <td>{budget ? percent(budget.knownRatio, 0) : '–'}</td>
    </tr>
  );
}

function CreateSlo({ onClose }: { onClose: () => void }) {
  const { slos: text } = useText();
  const [, goTo] = useLocation();
  const services = useQuestion(ServiceChoicesDocument, { variables: {}, of: ['Service'] });
  const form = useChangeForm(CreateSloDocument, {
    input: (values) => ({ document: textOf(values, 'document') }),
    says: () => text.isCreated,
    onDone: ({ slo }) => (slo ? goTo(`/slos/${slo.id}`) : onClose()),
  });
  return (
    <Dialog title={text.create} onClose={onClose}>
      <Loaded question={services}>
        {({ services: known }) => (
          <Form {...form} submit={text.create} onCancel={onClose}>
            <TextArea
              label={text.document}
              name="document"
              hint={text.documentHint}
              defaultValue={exampleDocument(known?.nodes[0]?.name ?? 'Shop')}
              maxLength={20_000}
              isCode
              required
            />
          </Form>
        )}
      </Loaded>
    </Dialog>
  );
}
