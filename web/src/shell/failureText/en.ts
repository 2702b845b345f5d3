/** What is said in English of a page that cannot be opened, or that failed. */

export const en = {
  unreachableTitle: "This page could not be opened",
  unreachableAdvice: "The server does not answer: it may be restarting, or it has stopped. Everything else here is kept.",
  upgradedTitle: "Antiphon was upgraded",
  upgradedAdvice:
    "This page belongs to the new version: reload to open it. Until then, the pages that are open go on working. What you have typed in the chat is kept when you reload; its conversation is not.",
  failedTitle: "This page failed",
  failedAdvice: "The other pages go on working, and nothing in them is lost. What went wrong: {reason}",
  looking: "Looking what is wrong …",
  retry: "Try again",
  reload: "Reload",
};
