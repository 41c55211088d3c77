import { TextArea } from '../design/Field.tsx';
import { useText } from '../language/language.ts';
import { keysIn } from './rules.ts';

/** For public keys as JWK; the form gets them as `keys`. What are none is said at the field, before anything is sent. */
export function PublicKeysField() {
  const { serviceClients: text } = useText();
  return (
    <TextArea
      label={text.keys}
      name="keys"
      hint={text.keysHint}
      faultOf={(value) => {
        const { fault } = keysIn(value);
        return fault && text.keyFaults[fault];
      }}
      isCode
      required
    />
  );
}
