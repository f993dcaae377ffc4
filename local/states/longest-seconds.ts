/** The longest time that a state may wait. */
export const longestSeconds = 99_999_999;
