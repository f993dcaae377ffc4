/** Any value as JSON, also what a user has put where something else belongs: no number is null, and nothing is endless. */
export function asJson(value: unknown, indent?: number): string | undefined {
  const around: unknown[] = [];
  const part = function (this: unknown, _name: string, one: unknown): unknown {
    if (typeof one === 'bigint' || (typeof one === 'number' && !Number.isFinite(one))) return String(one);
    if (typeof one !== 'object' || one === null) return one;
    while (around.length > 0 && around.at(-1) !== this) around.pop();
    if (around.includes(one)) return '(itself)';
    around.push(one);
    return one;
  };
  return JSON.stringify(value, part, indent);
}
