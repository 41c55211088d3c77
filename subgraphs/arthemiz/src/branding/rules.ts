// How a tenant looks on the pages that its people see. Pure.
import { z } from 'zod';

/** Colours of the pages behind text: the sheet and what is around it, in each scheme (pages/layout.ts). */
const grounds = { light: ['#ffffff', '#f6f8fa'], dark: ['#161b22', '#0d1117'] } as const;

export type Scheme = keyof typeof grounds;

/** The least contrast of text (WCAG 2.2, 1.4.3, AA). */
const leastContrast = 4.5;

/** Between two colours as `#rrggbb`: 1 to 21 (WCAG 2.2, contrast ratio). */
export function contrast(one: string, other: string): number {
  const [lighter = 0, darker = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (lighter + 0.05) / (darker + 0.05);
}

/** The colour itself where it can be read in the scheme, or the nearest one towards black or white that can. */
export function accentIn(scheme: Scheme, colour: string): string {
  const towards = scheme === 'light' ? 0 : 255;
  for (let percent = 0; percent < 100; percent += 1) {
    const mixed = channels(colour).map((value) => Math.round(value + ((towards - value) * percent) / 100));
    const candidate = `#${mixed.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
    if (grounds[scheme].every((ground) => contrast(candidate, ground) >= leastContrast)) return candidate;
  }
  return scheme === 'light' ? '#000000' : '#ffffff';
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

/** It is sent along with each page. */
const maximumLogoBytes = 24_576;
const maximumLogoPixels = 512;
const signature = Buffer.from('89504e470d0a1a0a', 'hex');

/** Whether it is a PNG (RFC 2083) of a size that a page can bear. A browser judges the rest of it. */
export function isLogo(bytes: Buffer): boolean {
  if (bytes.length > maximumLogoBytes || bytes.length < 57 || !bytes.subarray(0, 8).equals(signature))
    return false;
  // The first chunk says how large it is, the last that nothing was cut off.
  if (bytes.toString('latin1', 12, 16) !== 'IHDR' || bytes.subarray(-8, -4).toString('latin1') !== 'IEND')
    return false;
  return [16, 20].every((at) => {
    const pixels = bytes.readUInt32BE(at);
    return pixels >= 1 && pixels <= maximumLogoPixels;
  });
}

/** What is left out stays as it is; null takes it away. */
export const brandingInput = z
  .object({
    displayName: z
      .string()
      .trim()
      .min(1, 'must not be empty')
      .max(60, 'is longer than 60 characters')
      .nullable(),
    accentColour: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, 'must be a colour such as #0550ae')
      .transform((colour) => colour.toLowerCase())
      .nullable(),
    logo: z
      .base64('must be a PNG in base64')
      .max(Math.ceil(maximumLogoBytes / 3) * 4, `must be ${maximumLogoBytes} bytes at most`)
      .transform((text) => Buffer.from(text, 'base64'))
      .refine(
        isLogo,
        `must be a PNG of ${maximumLogoPixels} by ${maximumLogoPixels} pixels and ${maximumLogoBytes} bytes at most`,
      )
      .nullable(),
  })
  .partial();

export type BrandingChange = z.infer<typeof brandingInput>;
