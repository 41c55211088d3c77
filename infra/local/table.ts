/** Rows as aligned columns under a heading; the last column runs as long as it likes. */
export function table(rows: readonly (readonly string[])[]): string {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, index) =>
    Math.max(...rows.map((row) => row[index]?.length ?? 0)),
  );
  const text = (row: readonly string[]) =>
    `  ${row.map((cell, index) => (index === columns - 1 ? cell : cell.padEnd(widths[index] ?? 0))).join('  ')}`;
  const [heading, ...body] = rows;
  const rule = widths.map((width) => '─'.repeat(width));
  return [heading, rule, ...body].map((row) => text(row ?? [])).join('\n');
}
