// What people type about a connection, as the platform takes it. Pure.

/** Certificates that were pasted one after the other: in PEM, or the base64 alone with empty lines between. */
export function certificatesIn(text: string): string[] {
  const pem = text.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g);
  if (pem) return pem;
  return text
    .split(/\n\s*\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');
}

/** Scopes with spaces or commas between. */
export function scopesIn(text: string): string[] {
  return text.split(/[\s,]+/).filter((scope) => scope !== '');
}

/** Which role each group gives, of fields side by side; a row without a group is none. */
export function groupRolesOf(
  groups: readonly string[],
  roleIds: readonly string[],
): { group: string; roleId: string }[] {
  return groups.flatMap((given, index) => {
    const group = given.trim();
    const roleId = roleIds[index];
    return group === '' || !roleId ? [] : [{ group, roleId }];
  });
}
