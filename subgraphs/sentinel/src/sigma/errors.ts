/** A rule that is wrong, or asks for what this evaluator does not do. */
export class SigmaError extends Error {
  override readonly name = 'SigmaError';
  /** `INVALID`: against the specification. `UNSUPPORTED`: within it, and not evaluated here. */
  readonly code: 'INVALID' | 'UNSUPPORTED';
  /** Where in the rule. */
  readonly path: string;

  constructor(message: string, { code, path }: { code: 'INVALID' | 'UNSUPPORTED'; path: string }) {
    super(path === '' ? message : `${path}: ${message}`);
    this.code = code;
    this.path = path;
  }
}

export function invalid(path: string, message: string): SigmaError {
  return new SigmaError(message, { code: 'INVALID', path });
}

export function unsupported(path: string, message: string): SigmaError {
  return new SigmaError(message, { code: 'UNSUPPORTED', path });
}
