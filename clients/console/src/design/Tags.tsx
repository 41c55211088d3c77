import { Badge } from './Badge.tsx';

/** A short list of names; a dash for none. */
export function Tags({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <span className="quiet">–</span>;
  return (
    <ul className="tags">
      {names.map((name) => (
        <li key={name}>
          <Badge>{name}</Badge>
        </li>
      ))}
    </ul>
  );
}
