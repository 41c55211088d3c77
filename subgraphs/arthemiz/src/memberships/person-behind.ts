import type { Arthemiz } from '../context.ts';

/** Who acts: the person themselves, or whose an API key is, or who made a service client. */
export async function personBehind({ models }: Arthemiz, subject: string): Promise<string> {
  const program =
    (await models.ApiKey.findOne({ _id: subject }, { createdBy: 1 }).lean()) ??
    (await models.ServiceClient.findOne({ _id: subject }, { createdBy: 1 }).lean());
  return program?.createdBy ?? subject;
}
