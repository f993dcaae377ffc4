import * as z from 'zod';

const patternOf = (schema: z.ZodType) => (schema._zod.def as unknown as { readonly pattern: RegExp }).pattern;

/** What a text can look like that a contract knows by name: zod's own patterns, so that inferring and checking agree. */
export const textFormats: Readonly<Record<'email' | 'uuid' | 'ipv4', RegExp>> = {
  email: patternOf(z.email()),
  uuid: patternOf(z.uuid()),
  ipv4: patternOf(z.ipv4()),
};
