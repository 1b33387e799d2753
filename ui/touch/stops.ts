// Where the focus can stand, and in what order: what the screen is about, the way on, the way back, the frame. The order
// is that of reading, not of places, so that it holds for any direction of writing.
import { screen } from "./screen";

const things = "button, .hg-button";
const parts = [".main", ".bottom .act", ".bottom .ways"];
/** Things in rows, where an arrow leads to what lies there. */
const grids = ".keys, .grid, .parts, .tiles, .offers, .findings, .doors, .ways-abreast, .tools, .kept, .copies, .choices, .nudge";

function shown(e: Element): boolean {
  return e.getClientRects().length > 0 && getComputedStyle(e).visibility === "visible" && !turnedAway(e);
}

/** Whether e stands on another page of a text or list than the one that is shown. */
function turnedAway(e: Element): boolean {
  const paged = e.closest(".paged")?.getBoundingClientRect();
  const box = e.getBoundingClientRect();
  return paged !== undefined && (box.left >= paged.right - 1 || box.right <= paged.left + 1);
}

/** Whether e can have the focus now. */
export function usable(e: Element): boolean {
  return e.isConnected && !(e instanceof HTMLButtonElement && e.disabled) && e.closest("[inert]") === null && shown(e);
}

/** What lies over the screen, if anything does: nothing below it can be reached. */
function onTop(): HTMLElement | undefined {
  return [...screen().querySelectorAll<HTMLElement>('.cover:not(.lost), [role="dialog"]')].filter(shown).at(-1);
}

/** Everything that can be chosen now, in order: the characters offered for some keys come behind the keys. */
export function order(): HTMLElement[] {
  const within = (root: ParentNode): HTMLElement[] => {
    const all = [...root.querySelectorAll<HTMLElement>(things)].filter(usable);
    const offered = all.filter((e) => e.closest(".candidates"));
    const typing = Math.max(-1, ...all.map((e, i) => (e.closest(".typed") && !offered.includes(e) ? i : -1)));
    return typing < 0 ? all : [...all.slice(0, typing + 1).filter((e) => !offered.includes(e)), ...offered, ...all.slice(typing + 1)];
  };
  const top = onTop();
  if (top) return within(top);
  const inOrder = parts.flatMap((part) => [...screen().querySelectorAll(part)].flatMap(within));
  return [...inOrder, ...within(screen()).filter((e) => !inOrder.includes(e))];
}

/** Where whoever comes to this screen begins: what is wrong if anything is, else what it is about. */
export function beginning(): HTMLElement | undefined {
  const top = onTop();
  const root: ParentNode = top ?? screen().querySelector(".main") ?? screen();
  const wrong = top ? undefined : [...root.querySelectorAll<HTMLElement>(".note.problem")].find(shown);
  return wrong ?? [...root.querySelectorAll<HTMLElement>("h1, .lead")].find(shown) ?? order()[0];
}

/** What tells this screen from another: while it stays, so does the focus. */
export function about(): string {
  const root = screen();
  const { screen: name = "", visit = "" } = root.dataset;
  const question = root.querySelector<HTMLElement>("[data-question]")?.dataset["question"] ?? "";
  const wrong = [...root.querySelectorAll(".main > .note.problem")].map((e) => e.textContent).join();
  const top = onTop();
  const heading = top ? `${top.id}${top.querySelector("h1")?.textContent ?? ""}` : (root.querySelector(".ask") ?? root.querySelector(".main h1"))?.textContent;
  return [name, visit, question, wrong, heading].join("|");
}

/** A name by which a thing is found again after the screen was drawn anew. */
export function nameOf(e: HTMLElement): string {
  const { do: what, value, voice, code, key, part, way, tool, skbtn, step, undo, corner, nudge } = e.dataset;
  const named = [what, value, voice, code, key, part, way, tool, skbtn, step, undo, corner, nudge].map((s) => s ?? "").join("|");
  return /[^|]/.test(named) ? named : e.textContent ?? "";
}

/** The rows of things that e stands in. What one writes with is one, its characters to choose from among it. */
export function gridOf(e: Element): HTMLElement | null {
  return e.closest<HTMLElement>(".typed") ?? e.closest<HTMLElement>(grids);
}

export type Arrow = "up" | "down" | "left" | "right";

/** The nearest of others that lies that way from e, if one does: in e's row to the sides, in the next row up and down. */
export function nearest(e: HTMLElement, others: HTMLElement[], to: Arrow): HTMLElement | undefined {
  const here = e.getBoundingClientRect();
  const sideways = to === "left" || to === "right";
  const sign = to === "left" || to === "up" ? -1 : 1;
  let best: HTMLElement | undefined;
  let least = Infinity;
  for (const other of others) {
    if (other === e) continue;
    const box = other.getBoundingClientRect();
    const across = (box.left + box.right - here.left - here.right) / 2;
    const down = (box.top + box.bottom - here.top - here.bottom) / 2;
    const sameRow = Math.abs(down) < (box.height + here.height) / 4;
    if (sideways !== sameRow || sign * (sideways ? across : down) <= 0) continue;
    const far = sideways ? Math.abs(across) : Math.abs(down) * 100 + Math.abs(across); // the row counts first
    if (far < least) [best, least] = [other, far];
  }
  return best;
}
