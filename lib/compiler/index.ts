export { compile } from './compile.ts';
export { withFurtherProblems } from './further-problems.ts';
