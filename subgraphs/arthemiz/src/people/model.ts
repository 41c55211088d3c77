// A person: somebody who signs in. What they may do, and where, is said by their memberships.
import { newId } from '@supergraph/chassis/identifiers';
import { type InferSchemaType, Schema } from 'mongoose';
import { languages } from './languages.ts';

export const personSchema = new Schema(
  {
    _id: { type: String, default: () => newId('per') },
    /** Lower case. */
    email: { type: String, required: true },
    displayName: { type: String, required: true },
    /** When the address was shown to be theirs (people/verifying.ts); null for whom the demo made, until they show it. */
    emailVerifiedAt: { type: Date, default: null },
    /** That they chose for pages and mails; null where pages speak as the browser asks. */
    language: { type: String, enum: languages, default: null },
    /** In which pages spoke to them last. */
    pagesLanguage: { type: String, enum: languages, default: null },
    /** The connection that vouched for them when their account was made; absent for those who chose a password. */
    vouchedBy: { type: String, immutable: true },
    createdAt: { type: Date, required: true, immutable: true },
  },
  { collection: 'people', versionKey: false },
);

// An address names one person on the platform; also finds who signs in.
personSchema.index({ email: 1 }, { unique: true });

export type PersonRow = InferSchemaType<typeof personSchema>;
