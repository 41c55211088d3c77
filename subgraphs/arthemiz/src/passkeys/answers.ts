// What browsers send back, as far as its shape goes; whether it is true, the signatures say.
import { z } from 'zod';

const text = z.string().max(12_000);
const credential = z.object({
  id: text,
  rawId: text,
  type: z.literal('public-key'),
  clientExtensionResults: z.object({}),
});

const registrationAnswer = credential.extend({
  response: z.object({
    clientDataJSON: text,
    attestationObject: text,
    transports: z.array(z.string().max(32)).max(10).optional(),
  }),
});

const authenticationAnswer = credential.extend({
  response: z.object({
    clientDataJSON: text,
    authenticatorData: text,
    signature: text,
    userHandle: text.optional(),
  }),
});

export type RegistrationAnswer = z.infer<typeof registrationAnswer>;
export type AuthenticationAnswer = z.infer<typeof authenticationAnswer>;

export const readRegistration = (json: string) => read(registrationAnswer, json);
export const readAuthentication = (json: string) => read(authenticationAnswer, json);

/** Null for what has another shape. */
function read<T>(schema: z.ZodType<T>, json: string): T | null {
  try {
    return schema.parse(JSON.parse(json));
  } catch {
    return null;
  }
}
