import { type ChangeEvent, useId, useState } from 'react';
import { Button } from '../design/Button.tsx';
import { TextField } from '../design/Field.tsx';
import { Form, textOf } from '../design/Form.tsx';
import { useText } from '../language/language.ts';
import { useChangeForm } from '../platform/change-form.ts';
import { useMay } from '../shell/viewer.ts';
import { BrandingPreview } from './BrandingPreview.tsx';
import { type TenantPoliciesQuery, UpdateBrandingDocument } from './policies.generated.ts';

export type TenantBranding = NonNullable<NonNullable<TenantPoliciesQuery['tenant']>['branding']>;

export function Branding({ name, branding }: { name: string; branding: TenantBranding }) {
  const { branding: words } = useText();
  const may = useMay();
  return (
    <section className="panel">
      <h2>{words.title}</h2>
      <p>{words.lead}</p>
      {may('tenant:update') ? (
        <BrandingForm name={name} branding={branding} />
      ) : (
        <BrandingPreview name={name} branding={branding} />
      )}
    </section>
  );
}

function BrandingForm({ name, branding }: { name: string; branding: TenantBranding }) {
  const text = useText();
  const { branding: words } = text;
  const fileId = useId();
  const [logo, setLogo] = useState(branding.logo);
  const form = useChangeForm(UpdateBrandingDocument, {
    input: (values) => ({
      displayName: textOf(values, 'displayName') || null,
      accentColour: textOf(values, 'accentColour') || null,
      // What stands before the comma says that it is base64.
      logo: logo === null ? null : logo.slice(logo.indexOf(',') + 1),
    }),
    says: () => text.tenant.saved,
  });
  const take = ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file === undefined) return;
    const reader = new FileReader();
    reader.onload = () => setLogo(typeof reader.result === 'string' ? reader.result : null);
    reader.readAsDataURL(file);
  };
  return (
    <Form {...form} submit={text.form.save}>
      <TextField
        label={words.displayName}
        name="displayName"
        hint={words.displayNameHint}
        maxLength={60}
        defaultValue={branding.displayName ?? ''}
      />
      <TextField
        label={words.accentColour}
        name="accentColour"
        hint={words.accentColourHint}
        pattern="#[0-9a-fA-F]{6}"
        maxLength={7}
        defaultValue={branding.accentColour ?? ''}
      />
      <div className="field">
        <label htmlFor={fileId}>{words.logo}</label>
        <input
          id={fileId}
          type="file"
          accept="image/png"
          aria-describedby={`${fileId}-hint`}
          onChange={take}
        />
        <small id={`${fileId}-hint`}>{words.logoHint}</small>
        {logo !== null && <Button onClick={() => setLogo(null)}>{words.withoutLogo}</Button>}
      </div>
      <BrandingPreview name={name} branding={{ ...branding, logo }} />
    </Form>
  );
}
