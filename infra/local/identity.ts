// Tells a process apart from another that got the same number later.
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/**
 * What stays the same for a process's whole life and differs for the next one with its number: boot and start time.
 * @returns undefined where there is no such process (a zombie counts as none).
 */
export function processIdentity(pid: number): string | undefined {
  if (process.platform !== 'linux') return startedByPs(pid);
  const fields = statFields(pid);
  return fields === undefined || fields.state === 'Z' ? undefined : `${bootId()}/${fields.startTicks}`;
}

/** Whether the process is there and is the same one as when its identity was taken. */
export function isSameProcess(pid: number, identity: string): boolean {
  return processIdentity(pid) === identity;
}

/**
 * Whether members of a process group outlive their dead leader (nginx's workers do when the master is killed).
 * A group's number is not given away while it has members, so what started later in that group and session is its own.
 */
export function isGroupLeft(leader: number, identity: string): boolean {
  const [boot, startTicks] = identity.split('/');
  if (process.platform !== 'linux' || boot !== bootId()) return false;
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => statFields(Number(name)))
    .some(
      (member) =>
        member !== undefined &&
        member.state !== 'Z' &&
        member.group === leader &&
        member.session === leader &&
        member.startTicks >= Number(startTicks),
    );
}

interface StatFields {
  state: string;
  group: number;
  session: number;
  startTicks: number;
}

function statFields(pid: number): StatFields | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses and may hold blanks; proc(5) counts fields from 1.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      state: fields[0] ?? '',
      group: Number(fields[2]),
      session: Number(fields[3]),
      startTicks: Number(fields[19]),
    };
  } catch {
    return undefined;
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

function startedByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      timeout: 5000,
    });
    return text.trim() === '' ? undefined : `ps/${text.trim()}`;
  } catch {
    return undefined;
  }
}
