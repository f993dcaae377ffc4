/** Where secrets are kept. */
export interface Secrets {
  /** Names the version of a secret that is the current one. Throws `SecretUnusableError` where there is none. */
  current(name: string): Promise<string>;
  /**
   * The value of a secret by the name in the plan, e.g. `secretsmanager:shop/hash-key`. Throws `SecretUnusableError` where
   * there is none.
   * @param version as `current` named it. Default: the current one
   */
  read(name: string, version?: string): Promise<string>;
}
