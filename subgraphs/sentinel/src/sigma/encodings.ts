// The modifiers that change a value's encoding: text becomes bytes, bytes become Base64.

export function utf16(text: string, order: 'le' | 'be'): Buffer {
  const bytes = Buffer.from(text, 'utf16le');
  return order === 'le' ? bytes : bytes.swap16();
}

export function utf16WithMark(text: string): Buffer {
  return Buffer.concat([Buffer.from([0xff, 0xfe]), utf16(text, 'le')]);
}

/** The three ways in which the bytes look inside of longer Base64, without the characters that their neighbours change. */
export function base64Offsets(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    const begin = [0, 2, 3][offset];
    const end = [0, 3, 2][(bytes.length + offset) % 3] ?? 0;
    return encoded.slice(begin, encoded.length - end);
  });
}
