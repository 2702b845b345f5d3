/** Which words belong to how much of the audio, as both arrive: words come first, then the audio that says them. */

export interface Piece {
  readonly text: string;
  readonly ms: number;
}

export function say(pieces: readonly Piece[], text: string): readonly Piece[] {
  return [...pieces, { text, ms: 0 }];
}

export function sound(pieces: readonly Piece[], ms: number): readonly Piece[] {
  const last = pieces.at(-1) ?? { text: "", ms: 0 };
  return [...pieces.slice(0, -1), { text: last.text, ms: last.ms + ms }];
}

export function wordsOf(pieces: readonly Piece[]): string {
  return pieces.map((piece) => piece.text).join("");
}

export function durationMs(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.ms, 0);
}

/**
 * How many letters had been heard by `playedMs`. Within a piece, a word lasts as long as it has letters; one that was
 * heard by half counts as heard. The server cuts its transcript by the same rule.
 */
export function lettersHeard(pieces: readonly Piece[], playedMs: number): number {
  let letters = 0;
  let begunMs = 0;
  for (const { text, ms } of pieces) {
    if (begunMs >= playedMs) break;
    letters += ms === 0 ? text.length : lettersBegun(text, (playedMs - begunMs) / ms);
    begunMs += ms;
  }
  return letters;
}

function lettersBegun(text: string, share: number): number {
  if (share >= 1) return text.length;
  let end = 0;
  for (const word of text.matchAll(/\s*\S+/g)) {
    const begins = word.index + word[0].length - word[0].trimStart().length;
    if (begins >= text.length * share) break;
    end = word.index + word[0].length;
  }
  return end;
}
