import { Confirm } from '../design/Confirm.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { EndSessionDocument } from './sessions.generated.ts';

export interface EndSessionProps {
  session: { id: string; browser: string | null };
  onClose: () => void;
}

export function EndSession({ session: { id, browser }, onClose }: EndSessionProps) {
  const { sessions: text } = useText();
  const form = useChangeForm(EndSessionDocument, {
    input: () => ({ id }),
    says: () => text.ended,
    onDone: onClose,
    of: ['Session'],
  });
  return (
    <Confirm
      {...form}
      title={text.endTitle(browser ?? text.unknownPlace)}
      lead={text.endLead}
      submit={text.end}
      onClose={onClose}
    />
  );
}
