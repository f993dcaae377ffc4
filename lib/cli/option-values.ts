import { CommandUsageError } from './errors.ts';

const most = 10_000;

/** How many, for `--limit`. */
export function count(text: string): number {
  return integer(text, { what: 'a number of rows', from: 1, to: most, allowed: `1 to ${most}` });
}

/** A port, for `--port`. */
export function port(text: string): number {
  return integer(text, { what: 'a port', from: 0, to: 65_535, allowed: '0 to 65535; 0 takes any free one' });
}

/** How time passes, for `--clock`. */
export function clock(text: string): 'real' | 'fast-forward' {
  if (text === 'real' || text === 'fast-forward') return text;
  throw new CommandUsageError({
    problem: 'there is no such clock',
    received: text === '' ? 'nothing' : text,
    allowed: 'real, fast-forward',
    change: 'give one of these',
  });
}

function integer(
  text: string,
  { what, from, to, allowed }: { what: string; from: number; to: number; allowed: string },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= from && value <= to) return value;
  throw new CommandUsageError({
    problem: `that is not ${what}`,
    received: text === '' ? 'nothing' : text,
    allowed,
    change: 'give a whole number',
  });
}
