// Which new passwords are taken (NIST SP 800-63B, 3.1.1.2): long ones that nobody guesses first. No rules of
// composition, and no expiry.
import { dictionary } from '@zxcvbn-ts/language-common';

/** A password is the only thing asked for, so it is as long as SP 800-63B-4 wants one that stands alone. */
export const minimumPasswordLength = 15;
export const maximumPasswordLength = 200;

/** About 49,000 passwords that were in breaches, most frequent first; in lower case. */
const known: ReadonlySet<string> = new Set(dictionary['passwords-common']);
/** What guessers put around one: years, digits, signs. */
const longestDecoration = 8;
/** Shorter pieces of an address or a name are in good passwords by chance. */
const shortestTelling = 4;

/** Names of the platform, which everybody here would try first. */
const serviceNames = ['arthemiz', 'supergraph'];

export type PasswordFault = 'too-short' | 'too-long' | 'telling' | 'guessable';

/** Why a password is not taken; null when it is. */
export function whyNot(password: string, { email }: { email: string }): PasswordFault | null {
  const text = password.normalize('NFKC');
  if ([...text].length < minimumPasswordLength) return 'too-short';
  if (Math.max(password.length, text.length) > maximumPasswordLength) return 'too-long';
  const plain = text.toLowerCase();
  if (namesIn(email).some((name) => plain.includes(name))) return 'telling';
  return isGuessable(plain) ? 'guessable' : null;
}

function namesIn(email: string): string[] {
  const [local = ''] = email.toLowerCase().split('@', 1);
  return [...serviceNames, local].filter((name) => name.length >= shortestTelling);
}

/** Whether it is a known password, a repetition, one known password with some decoration, or two of them. */
function isGuessable(text: string): boolean {
  return isKnown(text) || isRepetition(text) || isDecorated(text) || isPair(text);
}

const isKnown = (text: string) => known.has(text);

/** `abcabcabcabcabc`: found in itself, twice over, before its end. */
function isRepetition(text: string): boolean {
  return `${text}${text}`.indexOf(text, 1) < text.length;
}

function isDecorated(text: string): boolean {
  const core = text.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  return core !== '' && text.length - core.length <= longestDecoration && isKnown(core);
}

function isPair(text: string): boolean {
  for (let at = shortestTelling; at <= text.length - shortestTelling; at += 1)
    if (isKnown(text.slice(0, at)) && isKnown(text.slice(at))) return true;
  return false;
}
