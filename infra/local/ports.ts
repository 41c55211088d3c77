// Loopback ports of the installation's own programs: chosen once, remembered, and kept while they are free.
import { execFileSync } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { readState, writeState } from './files.ts';
import { Problem } from './problem.ts';

/** Below the range from which systems take ports for outgoing connections, so that none of those gets in the way. */
const range = { from: 20_000, to: 30_000 };

export interface Ports {
  /** The port of that name: the remembered one while it's free, else another. */
  of(name: string): Promise<number>;
}

export function openPorts(dataDir: string): Ports {
  const file = join(dataDir, 'ports.json');
  const remembered = readState(file, z.record(z.string(), z.int())) ?? {};
  const given = new Map<string, Promise<number>>();
  const taken = new Set<number>();

  const choose = async (name: string): Promise<number> => {
    const before = remembered[name];
    let port = before ?? randomInt(range.from, range.to);
    while (taken.has(port) || !(await isFree(port))) port = randomInt(range.from, range.to);
    taken.add(port);
    if (port !== before) {
      remembered[name] = port;
      writeState(file, remembered);
    }
    return port;
  };

  return {
    of(name) {
      const port = given.get(name) ?? choose(name);
      given.set(name, port);
      return port;
    },
  };
}

/** The addresses by which this machine reaches itself. */
export function loopbackAddresses(): readonly string[] {
  const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
    all?.some(({ address }) => address === '::1'),
  );
  return hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'];
}

/** Whether nobody listens on that port of the loopback address. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** @throws Problem that names the port, who has it where that can be seen, and the variable that moves it. */
export async function demandFree(port: number, variable: string): Promise<void> {
  const free = await Promise.all(loopbackAddresses().map((address) => isFree(port, address)));
  if (free.every(Boolean)) return;
  const owner = portOwner(port);
  const by = owner === undefined ? 'another program' : owner;
  const mayNot = port < 1024 && owner === undefined ? ' (or this user may not use a port below 1024)' : '';
  const another = port + 1000 < 65_536 ? port + 1000 : port - 1000;
  throw new Problem(
    `Port ${port} is in use by ${by}${mayNot}. Stop that, or choose another: ${variable}=${another} npm start`,
  );
}

/** Who listens on a port, as "name (process N)"; undefined where this user can't see it. */
export function portOwner(port: number): string | undefined {
  try {
    return process.platform === 'linux' ? ownerByProc(port) : ownerByLsof(port);
  } catch {
    return undefined;
  }
}

function ownerByProc(port: number): string | undefined {
  const hexPort = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = ['/proc/net/tcp', '/proc/net/tcp6']
    .flatMap((file) => readFileSync(file, 'utf8').split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    // State 0A is LISTEN; fields are local address, remote address, state … inode.
    .filter((fields) => fields[1]?.endsWith(hexPort) && fields[3] === '0A')
    .map((fields) => `socket:[${fields[9]}]`);
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (openFiles(pid).some((target) => inodes.includes(target))) {
      return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
    }
  }
  return undefined;
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => linkTarget(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

function linkTarget(link: string): string {
  try {
    return readlinkSync(link);
  } catch {
    return '';
  }
}

function ownerByLsof(port: number): string | undefined {
  const text = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], {
    encoding: 'utf8',
    timeout: 5000,
  });
  const pid = /^p(\d+)/m.exec(text)?.[1];
  return pid === undefined ? undefined : `${/^c(.*)$/m.exec(text)?.[1] ?? 'a program'} (process ${pid})`;
}
