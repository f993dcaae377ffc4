import { NotSupportedError } from '../../aws-error.ts';
import { compileJsonFilter } from './json-filter.ts';
import { invalid } from './known-input.ts';

export type MessageFilter = (message: string) => boolean;

/**
 * Compiles a filter pattern: terms that must all occur, `"phrases"`, `-excluded` and `?optional` terms, `%expressions%`,
 * or conditions over JSON in braces. Throws `InvalidParameterException`; space-delimited patterns are not supported.
 */
export function compileFilter(pattern: string): MessageFilter {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return compileJsonFilter(text);
  if (text.startsWith('[')) throw new NotSupportedError('space-delimited filter patterns of CloudWatch Logs');
  const terms = parseTerms(text);
  const optional = terms.filter(({ sign }) => sign === '?');
  const other = terms.filter(({ sign }) => sign !== '?');
  if (optional.length > 0 && other.length > 0) {
    throw invalid(`a filter pattern has either only terms with "?" or none, got "${pattern}"`);
  }
  return (message) =>
    other.every(({ sign, occurs }) => occurs(message) !== (sign === '-')) &&
    (optional.length === 0 || optional.some(({ occurs }) => occurs(message)));
}

interface Term {
  readonly sign: '' | '-' | '?';
  readonly occurs: MessageFilter;
}

function parseTerms(text: string): Term[] {
  const terms: Term[] = [];
  const token = /\s*([-?]?)(?:"((?:[^"\\]|\\.)*)"|%([^%]+)%|([^\s"%]+))(?=\s|$)/y;
  while (token.lastIndex < text.length) {
    const start = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw invalid(`Invalid filter pattern at "${text.slice(start)}"`);
    const [, sign, phrase, expression, word] = match;
    terms.push({
      sign: sign as Term['sign'],
      occurs: expression ? byExpression(expression) : containing(phrase, word),
    });
  }
  return terms;
}

function containing(phrase: string | undefined, word: string | undefined): MessageFilter {
  const wanted = phrase === undefined ? word! : phrase.replace(/\\(.)/g, '$1');
  return (message) => message.includes(wanted);
}

function byExpression(source: string): MessageFilter {
  try {
    const expression = new RegExp(source);
    return (message) => expression.test(message);
  } catch {
    throw invalid(`Invalid regular expression in the filter pattern: ${source}`);
  }
}
