import { createContext, Script } from 'node:vm';

/** One match may take this long. */
const longestMilliseconds = 1_000;
/** What no pattern takes more steps for needs no guard. */
const harmlessSteps = 1e7;

const script = new Script('match()');

/**
 * A regular expression from whoever wrote a workflow. A pattern that might go on for ever is matched under a watch, which
 * costs a tenth of a millisecond, and throws where it takes too long.
 */
export class GuardedRegex extends RegExp {
  readonly #quantifiers: number;

  constructor(pattern: RegExp | string, flags?: string) {
    super(pattern, flags);
    this.#quantifiers = quantifiersIn(this.source);
  }

  override exec(text: string): RegExpExecArray | null {
    const match = () => super.exec(text);
    if (String(text).length ** (this.#quantifiers + 1) <= harmlessSteps) return match();
    try {
      return script.runInContext(createContext({ match }), { timeout: longestMilliseconds });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
      throw new Error(`the regular expression /${this.source}/ takes longer than ${longestMilliseconds} ms`);
    }
  }
}

/** How many parts of a pattern repeat; without end where a whole group does, since what is in it multiplies. */
function quantifiersIn(source: string): number {
  const bare = source.replace(/\\./gs, 'x').replace(/\[[^\]]*\]/g, 'x');
  return /\)[*+?{]/.test(bare) ? Number.POSITIVE_INFINITY : (bare.match(/[*+{]/g)?.length ?? 0);
}
