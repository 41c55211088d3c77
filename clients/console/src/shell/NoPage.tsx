import { Link } from 'wouter';
import { PageHeader } from '../design/PageHeader.tsx';
import { useText } from '../language/language.ts';

export function NotAllowed({ takes }: { takes: readonly string[] }) {
  const { notAllowed } = useText();
  return <PageHeader title={notAllowed.title} lead={notAllowed.lead(takes.join(' / '))} />;
}

export function NotFound() {
  const { notFound } = useText();
  return (
    <>
      <PageHeader title={notFound.title} lead={notFound.lead} />
      <Link href="/account">{notFound.back}</Link>
    </>
  );
}
