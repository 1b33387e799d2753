import { candidates } from "./pinyin";

/** What the keys mean: sounds, or strokes in the order of writing. */
export type Keys = "pinyin" | "strokes";

/** Text for the keys, or for the first of them. */
export interface Choice { text: string; rare?: boolean }

/** What keys may mean: done once every key has become a character. */
export interface Spelling { done: string; typing: string; offers: Choice[] }

/** Asks the daemon what keys may mean after the choices made so far; without an answer, a small table here knows single characters. */
export async function spell(way: Keys, keys: string, chosen: Choice[], name: boolean): Promise<Spelling> {
  const body = JSON.stringify({ way, keys, chosen, name });
  try {
    const answer = await fetch("/spell", { method: "POST", headers: { "Content-Type": "application/json" }, body });
    if (answer.status === 200) return await answer.json() as Spelling;
  } catch {
    // The daemon is away: link.ts notices and covers the page.
  }
  return way === "pinyin" ? alone(keys, chosen) : { done: "", typing: keys, offers: [] };
}

/** The same by the page's own table, a character at a time. */
function alone(keys: string, chosen: Choice[]): Spelling {
  let rest = keys;
  let text = "";
  for (const { text: want } of chosen) {
    const taken = candidates(rest).find((c) => c.char === want);
    if (!taken) break;
    rest = rest.slice(taken.letters);
    text += want;
  }
  if (rest === "") return { done: text, typing: "", offers: [] };
  return { done: "", typing: text + rest, offers: candidates(rest).map((c) => ({ text: c.char })) };
}
