import { useText } from '../language/language.ts';
import { Button } from './Button.tsx';
import { useCopy } from './copy.ts';

export interface CopyableProps {
  /** What it is, for those who don't see where it stands: "Copy: Redirect address". */
  label: string;
  value: string;
}

/** A text that people carry elsewhere as it is: an address, a record of DNS. */
export function Copyable({ label, value }: CopyableProps) {
  const { copying: text } = useText();
  const copy = useCopy();
  return (
    <div className="copyable">
      <code>{value}</code>
      <Button label={`${text.copy}: ${label}`} onClick={() => copy(value)}>
        {text.copy}
      </Button>
    </div>
  );
}
