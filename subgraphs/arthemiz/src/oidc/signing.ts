// Signs where the token is made. The provider signs by WebCrypto, which sends each signature to another thread and back:
// for ES256 the way there takes as long as the signature.
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { ExternalSigningKey } from 'oidc-provider';
import type { SigningKey } from '../keys/key-ring.ts';

/** One of our keys as the provider takes it. */
export class OwnSigningKey extends ExternalSigningKey {
  readonly #key: SigningKey;
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor(key: SigningKey) {
    super();
    const { kty, crv, x, y, d } = key;
    this.#key = key;
    this.#private = createPrivateKey({ key: { kty, crv, x, y, d }, format: 'jwk' });
    this.#public = createPublicKey(this.#private);
  }

  override get kid() {
    return this.#key.kid;
  }

  override get alg() {
    return this.#key.alg;
  }

  override keyObject() {
    return this.#public;
  }

  override sign(data: Uint8Array) {
    // JWS has both numbers one after the other (RFC 7518, 3.4).
    return sign('sha256', data, { key: this.#private, dsaEncoding: 'ieee-p1363' });
  }
}
