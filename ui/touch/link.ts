// The link to the desk: screens come as server-sent events and are swapped in.
import { Idiomorph } from "idiomorph";
import { drawn } from "./focus";
import { guide } from "./guide";
import { released } from "./send";
import { screen } from "./screen";
import { mountAll } from "./widget";

/** How long the desk may be silent before the page covers itself, in milliseconds. It gives a pulse every 2 s. */
const silence = 6000;
/** How long a broken link may stay broken before the page covers itself, in milliseconds. */
const broken = 2000;
/** How often to ask whether the daemon is back, in milliseconds. */
const retry = 1000;

/** What the resident had half entered when a privacy cover came; given back when it goes. Wiped with the visit. */
const aside = new Map<string, Element>();

let lost = 0;
let quiet = 0;

function cover(on: boolean): void {
  document.documentElement.classList.toggle("lost", on);
}

function heard(): void {
  clearTimeout(lost);
  clearTimeout(quiet);
  lost = 0;
  cover(false);
  quiet = window.setTimeout(() => cover(true), silence);
}

/** Swaps the drawn screen in. Of another visit nothing is kept. */
function swap(html: string): void {
  const old = screen();
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("screen");
  if (!fresh) return;
  document.documentElement.lang = fresh.lang;
  released();
  if (fresh.dataset["visit"] !== old.dataset["visit"]) {
    aside.clear();
    old.replaceWith(fresh);
  } else {
    putAside(old, fresh);
    Idiomorph.morph(old, fresh, { morphStyle: "outerHTML", restoreFocus: false, callbacks: { beforeNodeMorphed: untouched } });
    bringBack();
  }
  mountAll(new Set(aside.values()));
  drawn();
}

/** Leaves an element alone that still holds the same thing. */
function untouched(from: Element, to: Node): boolean {
  const keep = from instanceof HTMLElement ? from.dataset["keep"] : undefined;
  return keep === undefined || !(to instanceof HTMLElement) || to.dataset["keep"] !== keep;
}

/** Takes out what the new screen does not have; under a cover it is kept for the way back. */
function putAside(old: Element, fresh: HTMLElement): void {
  const covered = fresh.dataset["screen"] === "covered";
  if (!covered && old.getAttribute("data-screen") !== "covered") aside.clear();
  for (const element of old.querySelectorAll<HTMLElement>("[data-keep]")) {
    const keep = element.dataset["keep"] ?? "";
    if (fresh.querySelector(`[data-keep="${CSS.escape(keep)}"]`)) continue;
    element.remove();
    if (covered && element.dataset["widget"]) aside.set(keep, element);
  }
}

function bringBack(): void {
  if (screen().dataset["screen"] === "covered") return;
  for (const [keep, element] of aside) {
    document.querySelector(`[data-keep="${CSS.escape(keep)}"]`)?.replaceWith(element);
  }
  aside.clear();
}

/** Asks until the daemon answers, then loads the page anew: a new start has a new token. */
function comeBack(): void {
  fetch("/healthz").then((r) => (r.ok ? location.reload() : Promise.reject(new Error("away"))))
    .catch(() => window.setTimeout(comeBack, retry));
}

/** Opens the link; the browser reopens it by itself unless the daemon has started anew. */
export function connect(): void {
  const events = new EventSource("/events");
  events.addEventListener("view", (e: MessageEvent<string>) => {
    heard();
    swap(e.data);
  });
  events.addEventListener("guide", (e: MessageEvent<string>) => guide(e.data));
  events.addEventListener("pulse", heard);
  events.addEventListener("error", () => {
    if (!lost) lost = window.setTimeout(() => cover(true), broken);
    if (events.readyState === EventSource.CLOSED) comeBack();
  });
  heard();
}
