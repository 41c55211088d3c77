import { announce } from '../design/announce.ts';
import { Dialog } from '../design/Dialog.tsx';
import { Form } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChange } from '../platform/change.ts';
import { ExportTenantDocument } from './exports.generated.ts';

export interface StartExportProps {
  /** Whether there are files of one before, which go. */
  isAgain: boolean;
  onClose: () => void;
}

export function StartExport({ isAgain, onClose }: StartExportProps) {
  const { exports: text } = useText();
  const { make, ...state } = useChange(ExportTenantDocument, { of: ['TenantExport'] });
  const start = async () => {
    if ((await make({})) === null) return;
    announce(text.started);
    onClose();
  };
  return (
    <Dialog title={isAgain ? text.startAgainTitle : text.start} onClose={onClose}>
      <Form
        {...state}
        submit={isAgain ? text.startAgain : text.start}
        kind={isAgain ? 'danger' : 'primary'}
        onSubmit={start}
        onCancel={onClose}
      >
        <p>{isAgain ? text.startAgainLead : text.lead}</p>
      </Form>
    </Dialog>
  );
}
