/** The rule that a file breaks of which no row is read, because it is cut short or broken as a whole. */
export const damagedRule = 'file is whole';
