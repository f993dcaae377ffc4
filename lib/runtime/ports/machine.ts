/** What the engine may take of the machine that this runs on. */
export interface Machine {
  readonly memoryMegabytes: number;
  readonly threads: number;
}
