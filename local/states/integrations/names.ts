/** `getItem` → `GetItem` */
export const capitalized = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

/** `StateMachineArn` → `stateMachineArn` */
export const uncapitalized = (name: string) => name.charAt(0).toLowerCase() + name.slice(1);
