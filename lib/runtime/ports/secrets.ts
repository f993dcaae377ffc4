/** Where secrets are kept. */
export interface Secrets {
  /**
   * The value of a secret by the name in the plan, e.g. `secretsmanager:shop/hash-key`. Throws `SecretUnusableError` where
   * there is none.
   */
  read(name: string): Promise<string>;
}
