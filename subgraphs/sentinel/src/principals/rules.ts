// What is known of a principal once something more was told, in whichever order. Pure.

export interface HeldRole {
  readonly name: string;
  readonly isHeld: boolean;
  readonly since: Date;
}

export interface Known {
  readonly roles: readonly HeldRole[];
  readonly standingSince: Date | null;
  readonly isActive: boolean;
}

export interface Told {
  readonly at: Date;
  readonly rolesAdded?: readonly string[];
  readonly rolesRemoved?: readonly string[];
  /** Undefined: nothing was told of it. */
  readonly isActive?: boolean;
}

export const nothingKnown: Known = { roles: [], standingSince: null, isActive: true };

export function knownWith(known: Known, { at, rolesAdded = [], rolesRemoved = [], isActive }: Told): Known {
  const said = new Map(known.roles.map((role) => [role.name, role]));
  const note = (name: string, isHeld: boolean) => {
    const last = said.get(name);
    if (last === undefined || last.since <= at) said.set(name, { name, isHeld, since: at });
  };
  for (const name of rolesRemoved) note(name, false);
  for (const name of rolesAdded) note(name, true);
  const isNews = isActive !== undefined && (known.standingSince === null || known.standingSince <= at);
  return {
    roles: [...said.values()],
    ...(isNews
      ? { standingSince: at, isActive }
      : { standingSince: known.standingSince, isActive: known.isActive }),
  };
}

export function rolesHeld({ roles }: Pick<Known, 'roles'>): string[] {
  return roles.flatMap(({ name, isHeld }) => (isHeld ? [name] : [])).sort();
}
