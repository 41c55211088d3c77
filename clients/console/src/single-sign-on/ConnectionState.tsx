import { Badge } from '../design/Badge.tsx';
import { useText } from '../language/language.ts';

export function ConnectionState({ connection }: { connection: { isEnabled: boolean; isRequired: boolean } }) {
  const { singleSignOn: text } = useText();
  if (!connection.isEnabled) return <Badge>{text.states.disabled}</Badge>;
  return <Badge tone="good">{connection.isRequired ? text.states.required : text.states.enabled}</Badge>;
}
