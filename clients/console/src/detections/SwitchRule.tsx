import { useText } from '../language/language.ts';
import { ConfirmChange } from '../platform/ConfirmChange.tsx';
import { DisableDetectionRuleDocument, EnableDetectionRuleDocument } from './detections.generated.ts';

export interface SwitchRuleProps {
  rule: { id: string; title: string; isEnabled: boolean };
  onClose: () => void;
}

export function SwitchRule({ rule: { id, title, isEnabled }, onClose }: SwitchRuleProps) {
  const { detections: text } = useText();
  const shared = { input: { id }, says: text.done, of: ['DetectionRule'], onClose };
  return isEnabled ? (
    <ConfirmChange
      {...shared}
      document={DisableDetectionRuleDocument}
      title={`${text.disable}: ${title}`}
      lead={text.disableLead}
      submit={text.disable}
    />
  ) : (
    <ConfirmChange
      {...shared}
      document={EnableDetectionRuleDocument}
      title={`${text.enable}: ${title}`}
      lead={text.enableLead}
      submit={text.enable}
      kind="primary"
    />
  );
}
