/**
 * Fills `${NAME}` in a template. Names are in capitals, so nginx's own `${name}` stays.
 * @throws where a name has no value, or a value has no place: either is a mistake in the one or the other.
 */
export function render(template: string, values: Record<string, string | number>): string {
  const used = new Set<string>();
  const text = template.replaceAll(/\$\{([A-Z][A-Z0-9_]*)\}/g, (_match, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`the template needs a value for ${name}`);
    used.add(name);
    return String(value);
  });
  const unused = Object.keys(values).filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`the template has no place for ${unused.join(', ')}`);
  return text;
}
