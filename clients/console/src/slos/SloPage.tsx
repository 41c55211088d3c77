import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { Badge } from '../design/Badge.tsx';
import { Button } from '../design/Button.tsx';
import { Fact, Facts } from '../design/Facts.tsx';
import { TextArea } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { Section } from '../design/Section.tsx';
import { Table } from '../design/Table.tsx';
import { useInstants, useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import { Live } from '../live/Live.tsx';
import { useLive } from '../live/useLive.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import { BudgetChart } from './BudgetChart.tsx';
import { isNewer, percent, toneOfBudget } from './rules.ts';
import {
  DeleteSloDocument,
  type SloInFullFragment,
  SloPageChangesDocument,
  SloPageDocument,
  UpdateSloDocument,
} from './slo.generated.ts';

/** One objective: what is left of its budget, how fast it burns, and its document. */
export function SloPage({ params: { id = '' } }: { params: Readonly<Record<string, string | undefined>> }) {
  const { slos: text } = useText();
  const may = useMay();
  const view = useLive({
    present: SloPageDocument,
    asked: { id },
    changes: SloPageChangesDocument,
    followed: { id },
    state: ([page]): SloInFullFragment | null => page?.slo ?? null,
    apply: (slo, changes) =>
      changes.reduce((latest, change) => (change && isNewer(change, latest) ? change : latest), slo),
  });
  return (
    <>
      <PageHeader
        title={view.state ? (view.state.displayName ?? view.state.name) : text.one}
        {...(view.state?.description && { lead: view.state.description })}
      />
      <Live view={view}>
        {(slo) =>
          slo === null ? (
            <>
              <p>{text.gone}</p>
              <Link href="/slos">{text.back}</Link>
            </>
          ) : (
            <>
              <BudgetFacts slo={slo} />
              <BurnRates slo={slo} />
              {slo.budget && <BudgetChart days={slo.days} target={slo.target} total={slo.budget.total} />}
              {may('slo:write') ? (
                <>
                  <DocumentEditor slo={slo} onSaved={view.again} />
                  <DeleteSlo slo={slo} />
                </>
              ) : (
                <Section title={text.document}>
                  <pre className="code">{slo.document}</pre>
                </Section>
              )}
            </>
          )
        }
      </Live>
    </>
  );
}

function DeleteSlo({ slo: { id } }: { slo: SloInFullFragment }) {
  const { slos: text } = useText();
  const [, navigate] = useLocation();
  const [isOpen, setOpen] = useState(false);
  return (
    <div className="actions">
      <Button kind="danger" onClick={() => setOpen(true)}>
        {text.delete}
      </Button>
      {isOpen && (
        <ConfirmChange
          document={DeleteSloDocument}
          input={{ id }}
          title={text.delete}
          lead={text.deleteLead}
          submit={text.delete}
          says={text.isDeleted}
          of={['Slo']}
          onDone={() => navigate('/slos')}
          onClose={() => setOpen(false)}
        />
      )}
    </div>
  );
}

function BudgetFacts({ slo }: { slo: SloInFullFragment }) {
  const { slos: text } = useText();
  const written = useInstants();
  const { budget, service, policy } = slo;
  const remaining = budget?.remaining ?? null;
  return (
    <section className="panel" aria-label={text.facts}>
      <Facts>
        <Fact name={text.target}>{percent(slo.target)}</Fact>
        <Fact name={text.remaining}>
          <Badge tone={toneOfBudget(remaining)}>
            {remaining === null ? text.unknown : percent(remaining, 1)}
          </Badge>
        </Fact>
        <Fact name={text.counted}>{budget && text.goodOf(budget.good, budget.total)}</Fact>
        <Fact name={text.period}>
          {budget && `${written(budget.periodStartsAt)} – ${written(budget.periodEndsAt)}`}
        </Fact>
        <Fact name={text.known}>{budget && percent(budget.knownRatio, 1)}</Fact>
        <Fact name={text.method}>{wordFor(text.methods, slo.budgetingMethod)}</Fact>
        <Fact name={text.service}>
          {service && <Link href={`/services/${service.id}`}>{service.name}</Link>}
        </Fact>
        {policy.map(({ consumedRatio, note, isReached }) => (
          <Fact key={consumedRatio} name={text.atConsumed(percent(consumedRatio, 0))}>
            {note} {isReached && <Badge tone="bad">{text.reached}</Badge>}
          </Fact>
        ))}
      </Facts>
    </section>
  );
}

function BurnRates({ slo: { burnRates } }: { slo: SloInFullFragment }) {
  const { slos: text } = useText();
  const rate = (value: number | null) => (value === null ? text.unknown : value.toFixed(value < 10 ? 2 : 0));
  return (
    <Section title={text.burnRates} lead={text.burnLead}>
      <Table
        caption={text.burnCaption}
        columns={[text.windows, text.kind, text.longRate, text.shortRate, text.limit, text.burning]}
      >
        {burnRates.map((each) => (
          <tr key={each.longWindowMs}>
            <th scope="row">{`${lengthOf(each.longWindowMs)} / ${lengthOf(each.shortWindowMs)}`}</th>
            <td>{wordFor(text.kinds, each.kind)}</td>
            <td>{rate(each.longRate)}</td>
            <td>{rate(each.shortRate)}</td>
            <td>{each.factor}</td>
            <td>
              {each.isBurning ? (
                <Badge tone="bad">{text.tooFast}</Badge>
              ) : each.isBurning === null ? (
                text.unknown
              ) : (
                '–'
              )}
            </td>
          </tr>
        ))}
      </Table>
    </Section>
  );
}

function lengthOf(ms: number): string {
  const minutes = ms / 60_000;
  return minutes < 60 ? `${minutes} min` : minutes < 1_440 ? `${minutes / 60} h` : `${minutes / 1_440} d`;
}

function DocumentEditor({ slo: { id, document }, onSaved }: { slo: SloInFullFragment; onSaved: () => void }) {
  const { slos: text, form: words } = useText();
  const form = useChangeForm(UpdateSloDocument, {
    input: (values) => ({ id, document: textOf(values, 'document') }),
    says: () => text.isSaved,
    onDone: onSaved,
  });
  return (
    <Section title={text.document} lead={text.editLead}>
      <Form {...form} submit={words.save}>
        <TextArea
          key={document}
          label={text.document}
          name="document"
          hint={text.documentHint}
          defaultValue={document}
          maxLength={20_000}
          isCode
          required
        />
      </Form>
    </Section>
  );
}
