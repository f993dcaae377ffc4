/** Of the package, as `package.json` has it: bundles have no such file beside them. */
export const version = '0.1.0';
