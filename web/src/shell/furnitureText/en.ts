/** The words in English of what pages have in common: errors, confirmations, copying. */

export const en = {
  loading: "Loading …",
  tryAgain: "Try again",
  cancel: "Cancel",
  typeName: "To confirm, type {name}",
  copied: "Copied",
  notCopied: "Could not copy",
  unreachable: "The server does not answer.",
  unreachableAdvice: "It may be restarting. What you see is as it was last; the page goes on trying.",
  sessionOver: "Your session has ended.",
  sessionOverAdvice: "Sign in again; nothing here is lost.",
  forbidden: "You may not do this.",
  forbiddenAdvice: "It takes the role {role} on this account. Whoever runs the server can give it to you.",
  yourObjectId: "They need your object id: {id}.",
  gone: "This is no longer there.",
  goneAdvice: "Somebody may have deleted it meanwhile.",
  busy: "That was too much at once.",
  serverFailed: "The server failed.",
  refused: "The server refused this.",
  failed: "This did not work.",
  secureAddress: "To be heard, open the portal by https:",
  secureWarning: "Your browser may warn you, since the certificate is the server’s own.",
  secureSignIn: "For a link that signs in there, run this on the server’s machine:",
  noSecureAddress:
    "This server serves http alone: to be heard, start it with --tls-port, or open the portal as localhost on its own machine.",
};
