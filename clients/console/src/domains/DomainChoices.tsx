import { Choices } from '../design/Choices.tsx';
import { Loaded } from '../design/Loaded.tsx';
import { useText } from '../language/language.ts';
import { useQuestion } from '../platform/question.ts';
import { DomainChoicesDocument } from './domain-choices.generated.ts';

export interface DomainChoicesProps {
  legend: string;
  chosen?: readonly string[];
}

/** The tenant's verified domains to tick; the form gets their ids as `domain`. */
export function DomainChoices({ legend, chosen }: DomainChoicesProps) {
  const { domains: text } = useText();
  const question = useQuestion(DomainChoicesDocument, { variables: {}, of: ['Domain'] });
  return (
    <Loaded question={question}>
      {({ domains }) => (
        <Choices
          legend={legend}
          name="domain"
          chosen={chosen}
          none={text.noneVerified}
          choices={(domains ?? [])
            .filter(({ isVerified }) => isVerified)
            .map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
    </Loaded>
  );
}
