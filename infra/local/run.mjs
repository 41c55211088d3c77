// Runs a command of infra/local on a checkout that may be brand new: plain JavaScript without dependencies, because
// installing the dependencies is its first job.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const commands = {
  start: 'starts the whole platform in the foreground',
  test: 'runs every check; last line: N passed, N failed',
  token: 'prints a bearer token of a demo account',
  schema: 'composes, lints and generates from the schema',
  bench: 'measures side by side, prints ratios',
};

const [command = '', ...args] = process.argv.slice(2);
if (!Object.hasOwn(commands, command)) {
  say(command === '' || command === '--help' ? 'Commands:' : `There is no command "${command}". Commands:`);
  for (const [name, text] of Object.entries(commands)) say(`  npm run ${name.padEnd(8)} ${text}`);
  process.exit(command === '--help' ? 0 : 1);
}

refuseOldNode();
await installDependencies();
run();

function say(text) {
  process.stderr.write(`${text}\n`);
}

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  say(
    `Node.js 20.19 or later is needed; this is ${process.version}. Install a newer one: https://nodejs.org`,
  );
  process.exit(1);
}

async function installDependencies() {
  if (isInstalled()) return;
  const release = await lockInstall();
  try {
    if (isInstalled()) return;
    say('Installing the dependencies (npm ci)…');
    const npm = process.env.npm_execpath;
    const [file, prefix] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
    // npm's output goes to standard error: standard output belongs to the command (npm run -s token).
    const { status, error } = spawnSync(file, [...prefix, 'ci', '--no-audit', '--no-fund'], {
      cwd: root,
      stdio: ['ignore', 2, 2],
    });
    if (status !== 0) {
      say(error ? `npm could not be started: ${error.message}` : 'npm ci failed; its message is above.');
      say('Check the network and the free space on the disk, then try again.');
      process.exitCode = 1;
      throw new Error('installation failed');
    }
    writeFileSync(stampFile(), lockHash());
  } catch (error) {
    if (process.exitCode !== 1) throw error;
    release();
    process.exit(1);
  } finally {
    release();
  }
}

/** What is installed is what the lock says: by our stamp, or, after somebody ran npm by hand, by npm's own record. */
function isInstalled() {
  try {
    if (existsSync(stampFile()) && readFileSync(stampFile(), 'utf8') === lockHash()) return true;
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const installed = JSON.parse(
      readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8'),
    ).packages;
    for (const [path, entry] of Object.entries(wanted)) {
      if (!path.includes('node_modules/') || entry.optional || entry.devOptional || entry.peer) continue;
      if (installed[path] === undefined || installed[path].version !== entry.version) return false;
    }
    writeFileSync(stampFile(), lockHash());
    return true;
  } catch {
    return false;
  }
}

function stampFile() {
  return join(root, 'node_modules', '.supergraph-lock');
}

/** Native packages differ by platform and by Node's ABI, so both belong to the hash. */
function lockHash() {
  const lock = readFileSync(join(root, 'package-lock.json'));
  return createHash('sha256')
    .update(lock)
    .update(`${process.platform}-${process.arch}-${process.versions.modules}`)
    .digest('hex');
}

/** Only one npm ci at a time in a checkout. @returns the function that lets the next one in. */
async function lockInstall() {
  const file = join(root, '.data', 'install.lock');
  const own = `${file}.${process.pid}`;
  for (let told = false; ; ) {
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      writeFileSync(own, String(process.pid));
      // A link comes with its content: nobody sees the lock empty and takes its holder for dead.
      linkSync(own, file);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== 'EEXIST') {
        say(`${error.message}\nThe checkout must be writable, and its disk must have room.`);
        process.exit(1);
      }
    } finally {
      rmSync(own, { force: true });
    }
    const holder = Number(readIfThere(file));
    if (!isAlive(holder)) rmSync(file, { force: true });
    else if (!told) {
      say(`Another installation is running (process ${holder}); waiting for it.`);
      told = true;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

function readIfThere(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function run() {
  const script = join(root, 'infra', 'local', `${command}.ts`);
  // The ipc channel tells the command when this process dies without having been able to pass a signal on.
  const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of passedOn) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`The command could not be started: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code);
    // By one of ours it ended as it was told, before it could say so itself.
    if (!passedOn.includes(signal)) {
      say(
        `\ninfra/local/${command}.ts (process ${child.pid}) was killed (${signal}) and could not stop what it had started. The next npm start ends what is left.`,
      );
    }
    process.exit(128 + constants.signals[signal]);
  });
}
