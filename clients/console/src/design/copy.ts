import { useText } from '../language/language.ts';
import { announce } from './announce.ts';

/** Puts a text into the clipboard and says so; where the browser refuses, says that too. */
export function useCopy(): (value: string) => void {
  const { copying: text } = useText();
  return (value) => {
    navigator.clipboard.writeText(value).then(
      () => announce(text.copied),
      () => announce(text.refused),
    );
  };
}
