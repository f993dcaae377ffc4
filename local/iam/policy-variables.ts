import type { RequestContext } from './conditions.ts';

const pattern = /\$\{\s*([^},\s]+)\s*(?:,\s*'([^']*)')?\s*\}/g;

/** The names of the variables in a text, e.g. `aws:PrincipalArn` of `${aws:PrincipalArn}`. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1]!);
}

/**
 * Fills in the variables of a resource or of an expected value. A variable without value and default matches nothing, as
 * on AWS: it stays in the text as it was written, which no request contains.
 */
export function expandVariables(text: string, context: () => RequestContext): string {
  if (!text.includes('${')) return text;
  return text.replace(pattern, (whole, name: string, fallback: string | undefined) => {
    const value = context().get(name.toLowerCase());
    return typeof value === 'string' ? value : (fallback ?? whole);
  });
}
