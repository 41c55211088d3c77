import { Copyable } from '../design/Copyable.tsx';
import { Fact } from '../design/Fact.tsx';
import { Secret } from '../design/Secret.tsx';
import { useText } from '../language/language.ts';

export interface ClientSecretProps {
  clientId: string;
  secret: string;
  onClose: () => void;
}

/** A new secret, with the rest that a program needs to get its tokens. */
export function ClientSecret({ clientId, secret, onClose }: ClientSecretProps) {
  const { serviceClients: text } = useText();
  return (
    <Secret secret={secret} use={text.secretUse} onClose={onClose}>
      <dl className="facts">
        <Fact name={text.clientId}>
          <Copyable label={text.clientId} value={clientId} />
        </Fact>
        <Fact name={text.tokenEndpoint}>
          <Copyable label={text.tokenEndpoint} value={`${location.origin}/auth/token`} />
        </Fact>
      </dl>
    </Secret>
  );
}
