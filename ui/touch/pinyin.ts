import chinese from "simple-keyboard-layouts/build/layouts/chinese";

/** Toneless syllable to its characters, the usual ones first. */
const table = new Map<string, string[]>(
  Object.entries((chinese as unknown as { layoutCandidates: Record<string, string> }).layoutCandidates).map(([syllable, row]) => [syllable, row.split(" ")]),
);
const longest = Math.max(...[...table.keys()].map((s) => s.length));

/** A character that may be meant, and how many of the typed letters it takes. */
export interface Candidate { char: string; letters: number }

/** How many characters of each syllable are offered while a syllable is not typed to its end. */
const foretaste = 4;

/** Finds the characters for letters typed so far: for the longest syllable they begin with, then for those they may become. */
export function candidates(letters: string): Candidate[] {
  const found: Candidate[] = [];
  for (let n = Math.min(letters.length, longest); n > 0; n--) {
    for (const char of table.get(letters.slice(0, n)) ?? []) found.push({ char, letters: n });
  }
  const unfinished = [...table].filter(([syllable]) => syllable.startsWith(letters) && syllable !== letters);
  for (const [, chars] of unfinished) {
    for (const char of chars.slice(0, foretaste)) found.push({ char, letters: letters.length });
  }
  const seen = new Set<string>();
  return found.filter((c) => !seen.has(c.char) && seen.add(c.char));
}
