import { Choices } from '../design/Choices.tsx';
import { Dialog } from '../design/Dialog.tsx';
import { TextField } from '../design/Field.tsx';
import { choicesOf, Form, numberOf, textOf } from '../design/Form.tsx';
import { InstantField, instantOf } from '../design/InstantField.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { CreateMaintenanceWindowDocument } from './quiet.generated.ts';

export interface AnnounceWindowProps {
  services: readonly { id: string; name: string }[];
  onClose: () => void;
}

const hourMs = 3_600_000;

export function AnnounceWindow({ services, onClose }: AnnounceWindowProps) {
  const { windows: text, ...shared } = useText().quiet;
  const form = useChangeForm(CreateMaintenanceWindowDocument, {
    input: (values) => ({
      name: textOf(values, 'name'),
      serviceIds: choicesOf(values, 'service'),
      startsAt: instantOf(values, 'startsAt'),
      endsAt: instantOf(values, 'endsAt') ?? '', // the browser demands it
      repeatEveryDays: numberOf(values, 'days'),
      repeatsUntil: null,
    }),
    says: (_done, { name }) => text.added(name),
    onDone: onClose,
    of: ['MaintenanceWindow'],
  });
  return (
    <Dialog title={text.add} onClose={onClose}>
      <Form {...form} submit={text.add} onCancel={onClose}>
        <TextField label={text.name} name="name" required maxLength={100} />
        <InstantField label={shared.starts} name="startsAt" required atMs={Date.now()} />
        <InstantField label={shared.ends} name="endsAt" required atMs={Date.now() + hourMs} />
        <TextField label={text.days} name="days" type="number" min={1} max={365} hint={text.daysHint} />
        <Choices
          legend={text.servicesHint}
          name="service"
          none={text.noServices}
          choices={services.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form>
    </Dialog>
  );
}
