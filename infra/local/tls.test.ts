import { createHash, X509Certificate } from 'node:crypto';
import { copyFileSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from '@jest/globals';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { openTls, type TlsFiles } from './tls.ts';

const day = 24 * 60 * 60 * 1000;
const hashOf = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
const certificateOf = (file: string) => new X509Certificate(readFileSync(file));

/** Whether a client that trusts the authority alone accepts the server under that name. */
async function handshake({ authority, certificate, key }: TlsFiles, servername: string): Promise<boolean> {
  const server = createServer({ cert: readFileSync(certificate), key: readFileSync(key) }, (socket) =>
    socket.end(),
  );
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server's
  try {
    return await new Promise<boolean>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', servername, ca: readFileSync(authority) }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  } finally {
    server.close();
  }
}

describe('the local certificate', () => {
  it('is accepted for localhost by who trusts the authority, and for no other name', async () => {
    const files = await openTls(temporaryFolder());
    expect(await handshake(files, 'localhost')).toBe(true);
    expect(await handshake(files, 'example.com')).toBe(false);
    const stranger = await openTls(temporaryFolder());
    expect(await handshake({ ...files, authority: stranger.authority }, 'localhost')).toBe(false);
    const certificate = certificateOf(files.certificate);
    expect(certificate.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect(Date.parse(certificate.validTo) - Date.now()).toBeLessThan(398 * day);
  });

  it('comes from an authority that can vouch for this machine only', async () => {
    const { authority } = await openTls(temporaryFolder());
    const { raw, ca } = certificateOf(authority);
    expect(ca).toBe(true);
    // id-ce-nameConstraints, critical.
    expect(raw.includes(Buffer.from('0603551d1e0101ff', 'hex'))).toBe(true);
  });

  it('keeps its keys to its owner', async () => {
    const folder = temporaryFolder();
    const { key } = await openTls(folder);
    for (const file of [key, join(folder, 'tls', 'ca-key.pem')])
      expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'tls')).mode & 0o777).toBe(0o700);
  });

  it('stays while it is good and is renewed a month before its end, by the same authority', async () => {
    const folder = temporaryFolder();
    const files = await openTls(folder);
    const [first, authority] = [hashOf(files.certificate), hashOf(files.authority)];
    await openTls(folder, new Date(Date.now() + 360 * day));
    expect(hashOf(files.certificate)).toBe(first);
    const later = new Date(Date.now() + 370 * day);
    await openTls(folder, later);
    expect(hashOf(files.certificate)).not.toBe(first);
    expect(hashOf(files.authority)).toBe(authority);
    expect(Date.parse(certificateOf(files.certificate).validTo)).toBeGreaterThan(later.getTime() + 390 * day);
  });

  it('is renewed together with its authority', async () => {
    const folder = temporaryFolder();
    const files = await openTls(folder);
    const authority = hashOf(files.authority);
    await openTls(folder, new Date(Date.now() + 3630 * day));
    expect(hashOf(files.authority)).not.toBe(authority);
    const { publicKey } = certificateOf(files.authority);
    expect(certificateOf(files.certificate).verify(publicKey)).toBe(true);
  });

  it('is made anew where a crash or an edit left what does not fit together', async () => {
    const folder = temporaryFolder();
    const files = await openTls(folder);
    const other = await openTls(temporaryFolder());
    copyFileSync(other.key, files.key);
    await openTls(folder);
    expect(await handshake(files, 'localhost')).toBe(true);
    writeFileSync(files.certificate, 'not a certificate');
    await openTls(folder);
    expect(await handshake(files, 'localhost')).toBe(true);
    rmSync(join(folder, 'tls', 'ca-key.pem'));
    await openTls(folder);
    expect(await handshake(files, 'localhost')).toBe(true);
  });
});
