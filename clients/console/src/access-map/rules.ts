// What of the access map is shown, as functions of data alone.

export interface Reached {
  principal: string;
  person: { displayName: string | null } | null;
  what: string;
  deniedCount: number;
}

export interface MapFilter {
  who: string;
  what: string;
  isRefusedOnly: boolean;
}

/** By a part of the name or id, and of the field, in any case. */
export function shownOf<Row extends Reached>(rows: readonly Row[], filter: MapFilter): Row[] {
  const has = (text: string, part: string) => text.toLowerCase().includes(part.toLowerCase());
  return rows.filter(
    ({ principal, person, what, deniedCount }) =>
      has(`${person?.displayName ?? ''} ${principal}`, filter.who) &&
      has(what, filter.what) &&
      (!filter.isRefusedOnly || deniedCount > 0),
  );
}
