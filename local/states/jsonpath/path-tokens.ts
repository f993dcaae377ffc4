/** One step of a path. */
export type PathToken =
  | { readonly kind: 'member'; readonly names: readonly string[] }
  | { readonly kind: 'index'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'wildcard' }
  | { readonly kind: 'descend' }
  | { readonly kind: 'filter'; readonly filter: Filter }
  | { readonly kind: 'function'; readonly name: string };

/** A filter expression, `?(...)`. */
export type Filter =
  | { readonly kind: 'or' | 'and'; readonly left: Filter; readonly right: Filter }
  | { readonly kind: 'not'; readonly of: Filter }
  | { readonly kind: 'exists'; readonly path: readonly PathToken[] }
  | { readonly kind: 'compare'; readonly operator: string; readonly left: Operand; readonly right: Operand };

export type Operand =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'pattern'; readonly pattern: RegExp }
  | { readonly kind: 'path'; readonly root: '@' | '$'; readonly path: readonly PathToken[] };

/** A definite path names one place; any other gives the list of what it finds. */
export function isDefinite(tokens: readonly PathToken[]): boolean {
  return tokens.every(
    (token) =>
      (token.kind === 'member' && token.names.length === 1) ||
      (token.kind === 'index' && token.indexes.length === 1) ||
      token.kind === 'function',
  );
}
