// The focus of who does not touch the glass. There is none while the screen is touched: the frame comes with the first key
// and goes with the next finger. It survives what is drawn anew, and is never lost: where its place has gone, it stands at
// what followed, or at the screen's beginning.
import { curtain } from "./say";
import { screen } from "./screen";
import { about, type Arrow, beginning, gridOf, nameOf, nearest, order, usable } from "./stops";

/** Hears what has come under the focus, to speak it. */
type Listener = (at: HTMLElement) => void;

interface Held { at: HTMLElement; name: string; grid: HTMLElement | null; bar: HTMLElement | null }

let held: Held | undefined;
let chosen: HTMLElement | undefined; // last, but for characters that were offered
let present = ""; // which screen it stands on
let listener: Listener = () => undefined;

/** Whether keys are used now. */
export function byKeys(): boolean {
  return document.documentElement.classList.contains("by-keys");
}

/** Tells each new place of the focus. */
export function onFocus(hear: Listener): void {
  listener = hear;
}

function stand(at: HTMLElement | undefined): void {
  if (!at) return;
  held = { at, name: nameOf(at), grid: gridOf(at), bar: at.closest<HTMLElement>(".candidates") };
  if (!at.matches("button, [tabindex]")) at.tabIndex = -1; // a heading takes the focus from here alone
  at.focus({ preventScroll: true });
  if (at.matches("button, .hg-button")) listener(at); // a screen that has come is said by itself
}

/** Begins to use keys; false if they were in use. */
export function begin(): boolean {
  if (byKeys()) return false;
  document.documentElement.classList.add("by-keys");
  present = about();
  land();
  return true;
}

/** The screen is touched: no frame, and the next key begins anew. */
export function end(): void {
  if (!byKeys()) return;
  document.documentElement.classList.remove("by-keys");
  held?.at.blur();
  held = undefined;
}

/** Goes to the screen's beginning. */
export function land(): void {
  stand(beginning());
}

/** The screen was drawn anew: another screen begins at its beginning, the same keeps its place. */
export function drawn(): void {
  if (!byKeys()) return;
  const now = about();
  if (now === present) return keep();
  present = now;
  const name = screen().dataset["screen"];
  if ((name === "attract" || name === "covered") && document.documentElement.classList.contains("curtained")) {
    document.documentElement.classList.remove("curtained"); // nothing of a visit is there
    curtain(false);
  }
  if (name !== "attract") return land();
  end(); // who comes next may touch
}

/** Puts the focus where it belongs if what had it has gone. */
export function keep(): void {
  if (!byKeys() || !held) return;
  if (usable(held.at)) {
    if (document.activeElement !== held.at) held.at.focus({ preventScroll: true }); // its tabindex was drawn anew
    return;
  }
  const { name, grid, bar } = held;
  const all = order();
  const rows = (bar ?? grid)?.isConnected ? all.filter((e) => (bar ?? grid)?.contains(e)) : [];
  const twin = (rows.length > 0 ? rows : all).find((e) => nameOf(e) === name);
  if (twin ?? rows[0]) return stand(twin ?? rows[0]);
  if (bar && chosen && usable(chosen)) return stand(chosen); // the character stands there: back to the keys
  if (grid?.matches(".grid")) return stand(all.find((e) => e.matches(".act .primary"))); // the day is whole
  stand(beginning());
}

/** Goes on by one, back by one, or where an arrow leads. */
export function move(to: Arrow | "next" | "previous"): void {
  const all = order();
  const at = held?.at;
  if (!at || all.length === 0) return land();
  if (!at.dispatchEvent(new CustomEvent<string>("steer", { detail: to, cancelable: true }))) return; // what stands there moves itself
  const grid = gridOf(at);
  const row = all.filter((e) => grid !== null && gridOf(e) === grid);
  if (to !== "next" && to !== "previous") {
    const found = row.length > 0 ? nearest(at, row, to) : undefined;
    if (found) return stand(found);
  }
  const forward = to === "next" || to === "right" || to === "down";
  // Up and down leave the rows whole; the sides go on behind the row's end.
  const from = to === "down" ? row.at(-1) ?? at : to === "up" ? row[0] ?? at : at;
  const found = beside(all, from, forward);
  stand(found === at ? beside(all, at, forward) : found); // where the rows are all there is
}

/** What comes next to from in the order, around its ends; from may be a heading, which is not in it. */
function beside(all: HTMLElement[], from: HTMLElement, forward: boolean): HTMLElement | undefined {
  const i = all.indexOf(from);
  if (i >= 0) return all[(i + (forward ? 1 : all.length - 1)) % all.length];
  const follows = (e: HTMLElement): boolean => (from.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const first = all.findIndex(follows);
  if (forward) return all[Math.max(first, 0)];
  return all.at(first < 0 ? -1 : first - 1);
}

/** Presses what has the focus. */
export function choose(): void {
  const at = held?.at;
  if (!at || !usable(at)) return keep();
  if (!at.matches("button, .hg-button")) return listener(at); // a heading says itself again
  if (at.closest(".candidates[aria-busy]")) return; // offered for other letters
  if (!at.closest(".candidates")) chosen = at;
  at.click();
  const refused = [...document.querySelectorAll<HTMLElement>(".refusal:not([hidden])")].find(usable);
  if (refused) return stand(refused);
  if (at.matches(".turn [data-step]")) turned(at);
}

/** A page of a list was turned: what can be chosen on it comes next, not what lies behind the button. */
function turned(by: HTMLElement): void {
  const list = document.getElementById(by.closest<HTMLElement>("[data-turn]")?.dataset["turn"] ?? "");
  stand(order().find((e) => list?.contains(e)) ?? (usable(by) ? by : undefined));
  keep();
}

/** Follows what changes on the screen between two of the desk's drawings. */
export function watch(): void {
  new MutationObserver(keep).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["hidden", "disabled", "inert"] });
  document.addEventListener("focusin", (e) => { // a widget has moved it
    if (byKeys() && e.target instanceof HTMLElement && e.target !== held?.at) stand(e.target);
  });
  for (const kind of ["pointerdown", "mousedown", "touchstart"]) document.addEventListener(kind, end, { capture: true, passive: true });
}
