// A certificate authority of this installation alone, and a certificate for localhost signed by it.
import { createPrivateKey, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// @peculiar/x509 resolves its parts with tsyringe, which wants this first.
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';

export interface TlsFiles {
  /** To be trusted by browsers and programs of this machine. */
  authority: string;
  certificate: string;
  key: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;
const renewBeforeMs = 30 * dayMs;

/** Makes what is missing or damaged, and renews what ends within 30 days of `now`. */
export async function openTls(dataDir: string, now = new Date()): Promise<TlsFiles> {
  const folder = join(dataDir, 'tls');
  const file = (name: string) => join(folder, name);
  const files = {
    authority: file('ca.pem'),
    certificate: file('localhost.pem'),
    key: file('localhost-key.pem'),
  };
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const authorityKey = file('ca-key.pem');
  const authority = { certificate: files.authority, key: authorityKey, issuer: files.authority };
  if (!isGood(authority, now)) await makeAuthority(files.authority, authorityKey, now);
  if (!isGood({ ...files, issuer: files.authority }, now)) {
    await makeCertificate(files, await readAuthority(files.authority, authorityKey), now);
  }
  return files;
}

/** Whether it runs on for long enough, was signed by that issuer and belongs to that key (a crash may come between). */
function isGood(files: { certificate: string; key: string; issuer: string }, now: Date): boolean {
  try {
    const certificate = new X509Certificate(readFileSync(files.certificate));
    return (
      Date.parse(certificate.validTo) - now.getTime() > renewBeforeMs &&
      certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key))) &&
      certificate.verify(new X509Certificate(readFileSync(files.issuer)).publicKey)
    );
  } catch {
    return false;
  }
}

async function makeAuthority(certificateFile: string, keyFile: string, now: Date): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity(now, 3650),
    name: `CN=Supergraph local CA ${randomBytes(3).toString('hex')}`,
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      thisMachineOnly,
    ],
  });
  await writeKey(keyFile, keys.privateKey);
  writeFileSync(certificateFile, `${certificate.toString('pem')}\n`);
}

/**
 * Name constraints (RFC 5280, 4.2.1.10): whoever steals the key of an authority that a browser trusts can pass for
 * localhost, and for nobody else. DER: permitted subtrees [0] of a DNS name [2] and addresses with their masks [7].
 */
const thisMachineOnly = new x509.Extension(
  '2.5.29.30',
  true,
  Buffer.concat([
    Buffer.from([0x30, 0x3f, 0xa0, 0x3d]),
    Buffer.from([0x30, 0x0b, 0x82, 0x09]),
    Buffer.from('localhost'),
    Buffer.from([0x30, 0x0a, 0x87, 0x08, 127, 0, 0, 1, 255, 255, 255, 255]),
    Buffer.from([0x30, 0x22, 0x87, 0x20]),
    Buffer.alloc(15),
    Buffer.from([1]),
    Buffer.alloc(16, 0xff),
  ]),
);

interface Authority {
  certificate: x509.X509Certificate;
  key: CryptoKey;
}

async function readAuthority(certificateFile: string, keyFile: string): Promise<Authority> {
  const pkcs8 = x509.PemConverter.decodeFirst(readFileSync(keyFile, 'utf8'));
  return {
    certificate: new x509.X509Certificate(readFileSync(certificateFile, 'utf8')),
    key: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
  };
}

async function makeCertificate(files: TlsFiles, authority: Authority, now: Date): Promise<void> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.create({
    // Browsers refuse certificates that run for more than 398 days.
    ...validity(now, 397),
    subject: 'CN=localhost',
    issuer: authority.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: authority.key,
    signingAlgorithm: algorithm,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'dns', value: 'localhost' },
        { type: 'ip', value: '127.0.0.1' },
        { type: 'ip', value: '::1' },
      ]),
      await x509.AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
    ],
  });
  await writeKey(files.key, keys.privateKey);
  writeFileSync(files.certificate, `${certificate.toString('pem')}\n`);
}

function validity(now: Date, days: number) {
  return {
    serialNumber: `01${randomBytes(15).toString('hex')}`,
    // An hour back: clocks of other machines may be behind.
    notBefore: new Date(now.getTime() - 3_600_000),
    notAfter: new Date(now.getTime() + days * dayMs),
  };
}

async function writeKey(file: string, key: CryptoKey): Promise<void> {
  const pkcs8 = await crypto.subtle.exportKey('pkcs8', key);
  writeFileSync(file, `${x509.PemConverter.encode(pkcs8, x509.PemConverter.PrivateKeyTag)}\n`, {
    mode: 0o600,
  });
}
