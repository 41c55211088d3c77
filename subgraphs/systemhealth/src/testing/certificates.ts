// For tests only: a certificate authority, and a certificate of it for a name.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Issued {
  readonly key: string;
  readonly cert: string;
}

/** `issue` takes days from now on, or from the past where they are negative. */
export function certificateAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'authority-'));
  const at = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  openssl(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.crt',
    '-days',
    '365',
    '-subj',
    '/CN=Test CA',
  );
  return {
    ca: readFileSync(at('ca.crt'), 'utf8'),
    issue(name: string, { days }: { days: number }): Issued {
      writeFileSync(at('extensions'), `subjectAltName=${/^[\d.]+$/.test(name) ? 'IP' : 'DNS'}:${name}\n`);
      openssl('req', ...newKey, '-keyout', 'own.key', '-out', 'own.csr', '-subj', `/CN=${name}`);
      const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'extensions'];
      openssl('x509', '-req', '-in', 'own.csr', ...signing, '-out', 'own.crt', '-days', String(days));
      return { key: readFileSync(at('own.key'), 'utf8'), cert: readFileSync(at('own.crt'), 'utf8') };
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}
