/** Ids of what is made here. `crypto.randomUUID` is there only for pages that came over https, or of this machine. */

/** 128 random bits in hexadecimal. */
export function newId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
