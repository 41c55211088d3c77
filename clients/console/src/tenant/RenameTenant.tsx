import { announce } from '../design/announce.ts';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { RenameTenantDocument } from './tenant.generated.ts';

export function RenameTenant({ name }: { name: string }) {
  const { tenant: text } = useText();
  const rename = useChange(RenameTenantDocument);
  const submit = async (values: FormData) => {
    const input = { name: textOf(values, 'name') };
    if ((await rename.make({ input })) !== null) announce(text.renamed(input.name));
  };
  return (
    <section className="panel">
      <Form {...rename} submit={text.rename} onSubmit={submit}>
        <TextField label={text.name} name="name" defaultValue={name} maxLength={100} required />
      </Form>
    </section>
  );
}
