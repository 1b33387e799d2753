// What is touched goes to the desk, and only that.
import { screen } from "./screen";
import { type Carried, widget } from "./widget";

/** How long a button stays pressed at most when the desk draws nothing new, in milliseconds. */
const pressed = 1500;
/** How often, at most, the desk hears that somebody is typing or turning pages, in milliseconds. */
const lifeSign = 10_000;

let waiting = 0;
let lastSign = -lifeSign;

/** Sends one touch on the present screen. */
async function send(what: string, carried: Carried): Promise<void> {
  const { visit = "", seq = "0" } = screen().dataset;
  const body = JSON.stringify({ visit, seq: Number(seq), do: what, ...carried });
  try {
    await fetch("/touch", { method: "POST", headers: { "Content-Type": "application/json" }, body });
  } catch {
    // The daemon is away: link.ts notices and covers the page.
  }
}

/** Tells the desk that somebody is here although nothing has been sent, so that it does not cover the screen. */
export function stillHere(): void {
  const now = performance.now();
  if (!("stay" in screen().dataset) || now - lastSign < lifeSign) return;
  lastSign = now;
  void send("stay", {});
}

function press(button: HTMLElement): void {
  const { do: what = "", from, after, undo } = button.dataset;
  if (undo) {
    widget(undo)?.undo?.();
    return;
  }
  if (!what || widget(after)?.further?.()) return;
  const taken = from ? widget(from)?.take?.() : {};
  if (!taken) return;
  const value = button.dataset["value"];
  const now = performance.now();
  if (now < waiting) return;
  waiting = now + pressed;
  lastSign = now;
  button.setAttribute("aria-busy", "true");
  setTimeout(() => button.removeAttribute("aria-busy"), pressed);
  void send(what, value === undefined ? taken : { value, ...taken });
}

/** A newly drawn screen can be touched at once. */
export function released(): void {
  waiting = 0;
}

/** Begins to listen to touches on the whole page. */
export function listen(): void {
  document.addEventListener("click", (e) => {
    const button = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-do],[data-undo]") : null;
    if (button) press(button);
  });
  document.addEventListener("pointerdown", stillHere, { passive: true });
  document.addEventListener("touchstart", stillHere, { passive: true });
  document.addEventListener("contextmenu", (e) => e.preventDefault());
}
