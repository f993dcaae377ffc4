const compiled = new Map<string, RegExp>();

/** Whether `text` matches `pattern`, in which `*` stands for any text and `?` for one character. */
export function matchesWildcard(pattern: string, text: string): boolean {
  if (pattern === '*') return true;
  if (!pattern.includes('*') && !pattern.includes('?')) return pattern === text;
  let expression = compiled.get(pattern);
  if (!expression) {
    const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, (character) =>
      character === '*' ? '.*' : character === '?' ? '.' : `\\${character}`,
    );
    expression = new RegExp(`^${source}$`, 's');
    compiled.set(pattern, expression);
  }
  return expression.test(text);
}

/**
 * Whether an ARN matches a pattern of one. The six parts are compared one by one, so that a wildcard in the account part
 * does not reach into the name.
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const patterns = arnParts(pattern);
  const parts = arnParts(arn);
  if (!patterns || !parts) return matchesWildcard(pattern, arn);
  return patterns.every((part, index) => matchesWildcard(part, parts[index]!));
}

const splitArns = new Map<string, string[] | undefined>();

function arnParts(arn: string): string[] | undefined {
  if (splitArns.has(arn)) return splitArns.get(arn);
  const all = arn.split(':');
  const parts = all.length < 6 ? undefined : [...all.slice(0, 5), all.slice(5).join(':')];
  // Resources such as object keys are without end; forgetting all of them now and then keeps the memory bounded.
  if (splitArns.size > 10_000) splitArns.clear();
  splitArns.set(arn, parts);
  return parts;
}
