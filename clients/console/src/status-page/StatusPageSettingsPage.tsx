import { Choices } from '../design/Choices.tsx';
import { TextArea, TextField } from '../design/Field.tsx';
import { choicesOf, Form, textOf } from '../design/Form.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { PageHeader } from '../design/PageHeader.tsx';
import { ServiceChoicesDocument } from '../health/service-choices.generated.ts';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useQuestion } from '../platform/question.ts';
import { useMay } from '../shell/viewer.ts';
import {
  StatusPageSettingsDocument,
  type StatusPageSettingsQuery,
  UpdateStatusPageDocument,
} from './settings.generated.ts';

type Settings = StatusPageSettingsQuery['statusPageSettings'];

/** Whether everybody may see how services are, and which. */
export function StatusPageSettingsPage() {
  const { statusPage: text } = useText();
  const may = useMay();
  const question = useQuestion(StatusPageSettingsDocument, { variables: {}, of: ['StatusPageSettings'] });
  return (
    <>
      <PageHeader title={text.title} lead={text.lead} />
      <Loaded question={question}>
        {({ statusPageSettings: settings }) => (
          <>
            {settings?.isOn ? (
              <p>
                {text.at}{' '}
                <a href={`/status/${settings.slug}`}>{`${location.origin}/status/${settings.slug}`}</a>
              </p>
            ) : (
              <p>{text.off}</p>
            )}
            {may('status-page:write') && <Edit settings={settings} />}
          </>
        )}
      </Loaded>
    </>
  );
}

function Edit({ settings }: { settings: Settings }) {
  const { statusPage: text, form: words } = useText();
  const services = useQuestion(ServiceChoicesDocument, { variables: {}, of: ['Service'] });
  const form = useChangeForm(UpdateStatusPageDocument, {
    input: (values) => ({
      ...{ slug: textOf(values, 'slug'), title: textOf(values, 'title'), isOn: values.has('isOn') },
      ...{ description: textOf(values, 'description') || null, serviceIds: choicesOf(values, 'service') },
    }),
    says: () => text.isSaved,
    of: ['StatusPageSettings'],
  });
  const choices = (services.data?.services?.nodes ?? []).map(({ id: value, name: label }) => ({
    value,
    label,
  }));
  return (
    <section className="panel">
      <Form {...form} submit={words.save}>
        <TextField
          label={text.slug}
          name="slug"
          hint={text.slugHint}
          defaultValue={settings?.slug}
          pattern="[a-z0-9][a-z0-9\-]{1,61}[a-z0-9]"
          maxLength={63}
          required
        />
        <TextField label={text.name} name="title" defaultValue={settings?.title} maxLength={100} required />
        <TextArea
          label={text.description}
          name="description"
          defaultValue={settings?.description ?? ''}
          maxLength={1_000}
        />
        <Choices
          key={choices.length}
          legend={text.services}
          name="service"
          choices={choices}
          chosen={settings?.serviceIds ?? []}
          none={text.noServices}
        />
        <label className="choice">
          <input type="checkbox" name="isOn" defaultChecked={settings?.isOn ?? false} />
          <span>{text.isOn}</span>
          <small>{text.isOnHint}</small>
        </label>
      </Form>
    </section>
  );
}
