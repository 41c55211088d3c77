// JSON as text, for what is written many times a second.

/** A string as JSON. Most are short and hold nothing to escape: those are found faster than JSON.stringify starts. */
export function quoted(text: string): string {
  if (text.length > longest) return JSON.stringify(text);
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Controls, quotation mark, reverse solidus (RFC 8259 §7), and surrogates, which may stand alone.
    if (code < 0x20 || code === 0x22 || code === 0x5c || (code >= 0xd800 && code <= 0xdfff))
      return JSON.stringify(text);
  }
  return `"${text}"`;
}

const longest = 48;
