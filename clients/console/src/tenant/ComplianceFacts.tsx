import { Fact, Facts } from '../design/Facts.tsx';
import { Tags } from '../design/Tags.tsx';
import { useText } from '../language/language.ts';
import { wordFor } from '../language/rules.ts';
import type { TenantCompliance } from './Compliance.tsx';

/** For those who may not change it. */
export function ComplianceFacts({ compliance }: { compliance: TenantCompliance }) {
  const { tenant: text } = useText();
  return (
    <Facts>
      <Fact name={text.secondFactor}>{compliance.secondFactorRequired ? text.yes : text.no}</Fact>
      <Fact name={text.signInMethods}>
        <Tags names={compliance.signInMethods.map((method) => wordFor(text.signInMethod, method))} />
      </Fact>
      <Fact name={text.allowedNetworks}>{compliance.allowedNetworks.join(', ') || text.anywhere}</Fact>
      <Fact name={text.sessionMinutes}>{compliance.sessionMinutes ?? text.twoWeeks}</Fact>
      <Fact name={text.idleSessionMinutes}>{compliance.idleSessionMinutes ?? text.never}</Fact>
    </Facts>
  );
}
