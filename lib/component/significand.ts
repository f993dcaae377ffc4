/**
 * SQL of the digits of a number's text that tell it apart, without sign, point, exponent and the zeros around them: they
 * are the same for `0.00012`, `1.2e-04` and `12`.
 */
export function significand(text: string): string {
  return `regexp_replace(regexp_replace(${text}, '[eE].*$|^[+-]?[0.]*|[.]', '', 'g'), '0+$', '')`;
}

/** SQL that is true where a text holds a number with the digits of another text, however it is written. */
export function holdsNumber(text: string, number: string): string {
  const all = `regexp_extract_all(${text}, '[0-9][0-9.]*([eE][+-]?[0-9]+)?')`;
  return `list_contains(list_transform(${all}, lambda __number: ${significand('__number')}), ${significand(number)})`;
}
