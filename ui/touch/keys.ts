// Who does not touch the glass: a tactile pad that types as a keyboard, two switches (Tab and Enter), or a keyboard.
import { begin, choose, move, onFocus, watch } from "./focus";
import { curtain, say, sayScreen } from "./say";
import { stillHere } from "./send";
import { order } from "./stops";

/** What a key means. firmware-notes/tactile-pad lists them for who wires a pad; a test compares the two. */
export const meanings = {
  Tab: "next", ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", Enter: "choose",
  Backspace: "back", Escape: "back", F8: "again", F9: "person", " ": "cover",
} as const;

type Key = keyof typeof meanings;

/** The ways back: a cover's, or the screen's. */
const waysBack = ['.why [data-value=""]', '[data-do="sight-end"]', '[data-voice="sheet-end"]', '[data-do="leave-no"]', '[data-do="help-end"]', '[data-do="stay"]', '[data-do="back"]'];

function press(...selectors: string[]): void {
  order().find((e) => selectors.some((s) => e.matches(s)))?.click();
}

/** Hides what is on the screen until the next key or touch: somebody stands behind. */
function hide(on: boolean): void {
  document.documentElement.classList.toggle("curtained", on);
  curtain(on);
}

function act(key: Key, backwards: boolean): void {
  const meaning = meanings[key];
  switch (meaning) {
    case "choose": return choose();
    case "back": return press(...waysBack);
    case "person": return press('[data-do="help"]');
    case "again": return sayScreen();
    case "cover": return hide(true);
    default: move(meaning === "next" && backwards ? "previous" : meaning);
  }
}

/** The key of the screen's number pad that a pad's digit stands for. */
function digit(key: string): HTMLElement | undefined {
  return /^[\dXx.]$/.test(key) ? order().find((e) => e.matches(`.keys [data-key="${key.toUpperCase()}"]`)) : undefined;
}

function pressed(e: KeyboardEvent): void {
  if (e.ctrlKey || e.altKey || e.metaKey) return;
  const key = e.key in meanings ? e.key as Key : undefined;
  const number = digit(e.key);
  if (!key && !number) return;
  e.preventDefault();
  stillHere();
  const page = document.documentElement.classList;
  if (page.contains("lost")) return;
  if (page.contains("curtained")) return hide(false);
  const moves = key === "Tab" || e.key.startsWith("Arrow");
  if (e.repeat && !moves) return; // held down, a key goes on but chooses once
  if (begin() && (moves || key === "Enter")) return; // the first key shows where one is
  number?.click();
  if (key) act(key, e.shiftKey);
}

/** Begins to listen to keys on the whole page. */
export function listen(): void {
  document.addEventListener("keydown", pressed, { capture: true });
  for (const later of ["keypress", "keyup"] as const) { // or the browser would press the button once more by itself
    document.addEventListener(later, (e) => e.key in meanings && e.preventDefault(), { capture: true });
  }
  document.addEventListener("click", (e) => { // it takes the cover away, and touches nothing below
    if (!document.documentElement.classList.contains("curtained")) return;
    hide(false);
    e.stopPropagation();
  }, { capture: true });
  onFocus(say);
  watch();
}

