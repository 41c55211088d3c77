// Which of the objects at a path are one entity. Those that say the same of it become one object, which is then
// completed, and written, once for all places at which it stands: an answer repeats its entities many times.
import { type JsonObject, own } from './mergeData.ts';
import type { Representations } from './representations.ts';
import { eachAt, type PlanPath, placeName } from './responsePaths.ts';
import type { Run } from './run.ts';

/** The objects at one path that are one entity. */
export interface EntityGroup {
  representation: string;
  objects: JsonObject[];
}

/** @returns the entities at a path. Several fetches of a plan look at the same ones. */
export function groupsAt(
  run: Run,
  path: PlanPath,
  { represent, distinctive }: Representations,
): readonly EntityGroup[] {
  const name = path.join('.');
  let known = run.groups.get(represent);
  if (known === undefined) {
    known = new Map();
    run.groups.set(represent, known);
  }
  const before = known.get(name);
  if (before) return before;
  const groups = new Map<string, EntityGroup>();
  const samples = new Map<unknown, JsonObject>();
  const mayShare = run.shared.size > 0;
  eachAt({ data: run.data, path, mayShare }, (object, replace) => {
    const key = distinctive === undefined ? undefined : own(object, distinctive);
    const sample = key === undefined ? undefined : samples.get(key);
    if (sample === object) return;
    if (sample !== undefined && saysTheSame(sample, object)) {
      replace(sample);
      run.shared.add(placeName(path));
      return;
    }
    const representation = represent(object);
    if (representation === undefined) return;
    const group = groups.get(representation);
    if (group) group.objects.push(object);
    else groups.set(representation, { representation, objects: [object] });
    if (key !== undefined && sample === undefined) samples.set(key, object);
  });
  const found = [...groups.values()];
  known.set(name, found);
  return found;
}

/** Whether two objects have equal members, and nothing within them that could become different. */
function saysTheSame(one: JsonObject, other: JsonObject): boolean {
  let members = 0;
  for (const key of Object.keys(one)) {
    const value = one[key];
    if (value !== other[key] || (typeof value === 'object' && value !== null)) return false;
    members += 1;
  }
  return members === Object.keys(other).length;
}
