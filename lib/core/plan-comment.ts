/** What a deployed state machine says of the plan that it runs. */
export function planComment({ pipeline, digest }: { readonly pipeline: string; readonly digest: string }): string {
  return `Pipeline ${pipeline}, plan ${digest}`;
}

/** The digest of the plan in the comment of a machine's definition; undefined where it says none. */
export function planDigestOf(comment: string | undefined): string | undefined {
  return /^Pipeline \S+, plan ([0-9a-f]{64})$/.exec(comment ?? '')?.[1];
}
