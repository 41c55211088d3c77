// A file of the platform that takes the session's token, which a plain link would not carry.
import { sendSigned } from '@supergraph/session/signed-requests';
import { session } from '../session.ts';

export interface Download {
  /** A path of this page's origin, beginning with `/`. */
  path: string;
  fileName: string;
}

/** As large as a tenant, over a slow line. */
const timeoutMs = 3_600_000;

/**
 * Has the browser save it.
 * @returns `idle` when that has begun, `gone` where the platform has no such file for the person, `away` otherwise.
 */
export async function download({ path, fileName }: Download): Promise<'idle' | 'gone' | 'away'> {
  try {
    const response = await sendSigned(session, `${location.origin}${path}`, {}, { timeoutMs });
    if (!response.ok) return response.status === 403 || response.status === 404 ? 'gone' : 'away';
    const address = URL.createObjectURL(await response.blob());
    const link = document.createElement('a');
    link.href = address;
    link.download = fileName;
    link.click();
    // The browser has taken hold of the file by the end of this turn.
    setTimeout(() => URL.revokeObjectURL(address));
    return 'idle';
  } catch {
    return 'away';
  }
}
