import { useText } from '../language/language.ts';
import type { TenantBranding } from './Branding.tsx';

/** The head of a page of the sign-in as it is in both schemes: the colour as it was saved last. */
export function BrandingPreview({ name, branding }: { name: string; branding: TenantBranding }) {
  const { branding: words } = useText();
  const schemes = [
    { scheme: 'light', title: words.light, accent: branding.accentOnLight },
    { scheme: 'dark', title: words.dark, accent: branding.accentOnDark },
  ] as const;
  return (
    <div className="previews">
      {schemes.map(({ scheme, title, accent }) => (
        <figure key={scheme} className="preview" style={{ colorScheme: scheme }}>
          <figcaption>{title}</figcaption>
          <p className="brand">
            {branding.logo && <img src={branding.logo} alt="" />}
            <strong>{branding.displayName ?? name}</strong>
          </p>
          <p className="sample" style={accent ? { background: accent } : {}}>
            {words.sample}
          </p>
        </figure>
      ))}
    </div>
  );
}
