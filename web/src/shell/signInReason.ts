/** Why the user has to sign in. */
export type SignInReason =
  | "new"
  | "expired"
  | "badCode"
  | "unreachable"
  | "entraRefused"
  | "entraUnreachable"
  | "entraExpired";
