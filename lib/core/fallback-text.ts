/** What was read instead of a source, for people. */
export function fallbackText({ used, component, run, files }: FallbackParts): string {
  if (used === 'empty') return 'nothing was read in its place';
  const what = `${files} ${files === 1 ? 'file' : 'files'}`;
  return used === 'last-good' ? `${what} as run ${run} had read them` : `${what} of another source (${component})`;
}

interface FallbackParts {
  readonly used: 'empty' | 'last-good' | 'source';
  readonly component?: string;
  readonly run?: string;
  readonly files: number;
}
