// Codes of devices that can't show a sign-in page (RFC 8628). People find one by what they type, while only its
// digest is stored: in the browser the stored id stands in for the code itself, which the device alone knows.
import { type Configuration, Provider } from 'oidc-provider';
import { renderDeviceConfirmation, renderDeviceDone, renderUserCodeInput } from '../pages/device-pages.ts';
import { artifactId } from './artifact-model.ts';
import { clientAddress } from './origin.ts';

type DeviceFlow = NonNullable<NonNullable<Configuration['features']>['deviceFlow']>;

export const deviceFlow: DeviceFlow = {
  enabled: true,
  // Eight of twenty consonants: 34 bits, nothing that is mistaken for a digit, and no words.
  charset: 'base-20',
  mask: '****-****',
  // Shown to the person: who was talked into typing a stranger's code may wonder (RFC 8628, 5.4).
  deviceInfo: (ctx) => ({ ipAddress: clientAddress(ctx.req) }),
  userCodeInputSource: renderUserCodeInput,
  userCodeConfirmSource: renderDeviceConfirmation,
  successSource: renderDeviceDone,
};

const browserRoutes = ['code_verification', 'device_resume'];

/** Under which a code is stored. What stands in for one in the browser is taken there alone, never from a device. */
export function deviceCodeId(code: string): string {
  const isStandIn = code.startsWith('DeviceCode:'); // codes have no colon
  return isStandIn && browserRoutes.includes(Provider.ctx?.oidc.route ?? '')
    ? code
    : artifactId('DeviceCode', code);
}
