// Widgets are the parts of a screen that hold something for a moment: a number half typed, corners half dragged.
// An element with data-widget gets one; data-keep names what it holds, and while that name stays the same the
// element is left alone when the screen is drawn anew.
import { corners } from "./corners";
import { day } from "./day";
import { keyboard } from "./keyboard";
import { keypad } from "./keypad";
import { pad } from "./pad";
import { pages } from "./pages";
import { several } from "./several";

/** A point of a picture, 0,0 top left to 1,1 bottom right. */
export interface Point { x: number; y: number }

/** A place of the pen: millimetres from the pad's top left, milliseconds since the first touch. */
export interface Sample { x: number; y: number; t: number }

/** What a touch carries besides what to do (journey.Touch). */
export interface Carried { value?: string; quad?: Point[]; strokes?: Sample[][] }

export interface Widget {
  /** What the widget holds, or null if it is not complete: the widget then says so on the screen. */
  take?(): Carried | null;
  /** Goes on within the widget, as a page turned; false when there is nothing further. */
  further?(): boolean;
  /** Takes back what was entered. */
  undo?(): void;
  /** The panel or the text size has changed. */
  fit?(): void;
  /** The element has gone and will not come back: what listens beyond it is let go, and with it what was entered. */
  leave?(): void;
}

const makers: Record<string, (root: HTMLElement) => Widget> = { corners, day, keyboard, keypad, pad, pages, several };

const mounted = new Map<Element, Widget>();

/** Gives every new widget element its widget, and lets go of those that have gone, but for the ones put aside. */
export function mountAll(aside: ReadonlySet<Element> = new Set()): void {
  for (const [root, gone] of mounted) {
    if (root.isConnected || aside.has(root)) continue;
    gone.leave?.();
    mounted.delete(root);
  }
  for (const root of document.querySelectorAll<HTMLElement>("[data-widget]")) {
    const make = makers[root.dataset["widget"] ?? ""];
    const present = mounted.get(root);
    if (present) present.fit?.();
    else if (make) mounted.set(root, make(root));
  }
}

/** The widget of the element with this id. */
export function widget(id: string | undefined): Widget | undefined {
  const root = id ? document.getElementById(id) : null;
  return root ? mounted.get(root) : undefined;
}

/** Shows or hides the widget's sentence on what is still missing. */
export function refuse(root: HTMLElement, refused: boolean): void {
  const sentence = root.querySelector<HTMLElement>(".refusal");
  if (sentence) sentence.hidden = !refused;
}
