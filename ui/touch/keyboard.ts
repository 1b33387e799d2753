import { SimpleKeyboard as Keyboard } from "simple-keyboard";
import { brush, type Place, read } from "./brush";
import { byKeys } from "./focus";
import { part, pixelsPerMillimetre } from "./screen";
import { type Choice, spell } from "./spell";
import { type Carried, refuse, type Widget } from "./widget";

/** Characters of an answer at most. */
const most = 60;
/** Between two candidates, in millimetres. One of a single character is as wide as the bar is high. */
const gap = 3;
/** How long the finger rests before what it wrote is read, in milliseconds. */
const rest = 350;

const layout = {
  han: ["q w e r t y u i o p", "a s d f g h j k l", "z x c v b n m {bksp}", "{space} · {clear}"],
  latin: ["q w e r t y u i o p", "a s d f g h j k l", "{shift} z x c v b n m {bksp}", "{space} - . {clear}"],
  capital: ["Q W E R T Y U I O P", "A S D F G H J K L", "{shift} Z X C V B N M {bksp}", "{space} - . {clear}"],
  strokes: ["h s p n z", "{space} {bksp} {clear}"],
  digits: ["1 2 3 4 5", "6 7 8 9 0", "X - . / ( )", "{space} {bksp} {clear}"],
};

type Board = keyof typeof layout;
type Way = Board | "hand";

/** The strokes that keys stand for, and which sentence says what to do. */
const strokes: Record<string, string> = { h: "一", s: "丨", p: "丿", n: "丶", z: "乙" };
const strokesOf = (keys: string): string => keys.replace(/[hspnz]/g, (k) => strokes[k] ?? k);
const hints: Partial<Record<Way, string>> = { hand: "write", han: "hint", strokes: "stroke" };

/** One character that may be meant, and what taking it does. */
interface Offer { face: string; take: () => void }

/** Text by finger: written character by character, or by on-screen keys; Chinese also by pinyin. Nothing outlives the field. */
export function keyboard(root: HTMLElement): Widget {
  const shown = part<HTMLOutputElement>(root, "output");
  const bar = part(root, ".candidates");
  const ways = [...root.querySelectorAll<HTMLElement>("[data-way]")];
  const kind = root.dataset["kind"] ?? "";
  let text = root.dataset["value"] ?? "";
  let letters = ""; // typed and no character yet
  let chosen: Choice[] = []; // for the first of them
  let typing = ""; // what stands there meanwhile
  let page = 0;
  let way: Way = !root.dataset["lang"]?.startsWith("zh") ? "latin" : byKeys() ? "han" : "hand"; // who has no finger there cannot write
  let offers: Offer[] = [];
  let saying = "";
  let writing = 0; // grows with every stroke, so that a late answer is not shown
  let pending = Promise.resolve(); // ends when what was chosen last has become text
  let resting: ReturnType<typeof setTimeout> | undefined;

  function faces(of: Way): Record<string, string> {
    const names = (root.dataset["strokes"] ?? "").split(" "); // in the order of the strokes
    const letters = Object.keys(strokes).map((k, i) => [k, of === "strokes" ? `${strokes[k]} ${names[i] ?? ""}` : k]);
    const { shift = "", clear = "", space = "" } = root.dataset;
    return { ...Object.fromEntries(letters), "{bksp}": "⌫", "{shift}": shift, "{clear}": clear, "{space}": space };
  }

  const keys = new Keyboard(part<HTMLDivElement>(root, ".board"), {
    layout, layoutName: way === "hand" ? "han" : way,
    display: faces(way), mergeDisplay: true, disableButtonHold: true, useButtonTag: true,
    buttonAttributes: [{ attribute: "type", value: "button" }, { attribute: "aria-label", value: root.dataset["erase"] ?? "", buttons: "{bksp}" }], physicalKeyboardHighlight: false, useTouchEvents: false, useMouseEvents: false,
    onKeyPress: (key: string) => press(key),
  });
  const field = brush(part<HTMLCanvasElement>(root, "canvas"), (strokes) => {
    refuse(root, false);
    clearTimeout(resting);
    const now = ++writing;
    if (strokes.length === 0) return rested([]);
    resting = setTimeout(() => void ask(strokes, now), rest);
  });

  async function ask(strokes: Place[][], now: number): Promise<void> {
    try {
      const found = await read(strokes, kind, text);
      if (now === writing) rested(found);
    } catch {
      if (now !== writing) return;
      rested([]);
      saying = root.dataset["unread"] ?? "";
      show();
    }
  }

  function rested(found: string[]): void {
    offers = found.map((face) => ({ face, take: () => write(face) }));
    saying = "";
    page = 0;
    show();
  }

  function write(face: string): void {
    add(face);
    wipe();
    show();
  }

  /** Forgets what was written into the field. */
  function wipe(): void {
    writing++;
    clearTimeout(resting);
    field.clear();
    offers = [];
    saying = "";
    page = 0;
  }

  function press(key: string): void {
    refuse(root, false);
    page = 0;
    switch (key) {
      case "{bksp}":
        if (letters) {
          if (!chosen.pop()) letters = letters.slice(0, -1);
          return respell();
        }
        text = [...text].slice(0, -1).join("");
        break;
      case "{clear}":
        forget();
        text = "";
        break;
      case "{shift}":
        turn(way === "capital" ? "latin" : "capital");
        return;
      case "{space}":
        if (letters) offers[0]?.take();
        else if (text) add(" ");
        break;
      default:
        if (spelling() && /^[a-z]$/.test(key)) {
          letters = (letters + key).slice(0, 40);
          return respell();
        }
        add(key);
    }
    show();
  }

  /** Whether letters are keys for characters here. */
  function spelling(): boolean {
    return way === "han" || way === "strokes";
  }

  function forget(): void {
    letters = typing = "";
    chosen = [];
    wipe();
  }

  /** Has the letters spelled anew; the letters show at once, the characters when they are known. */
  function respell(): void {
    if (!letters) {
      forget();
      return show();
    }
    const now = ++writing;
    typing = chosen.map((c) => c.text).join("") + (chosen.length > 0 ? "" : letters);
    pending = spell(way === "strokes" ? "strokes" : "pinyin", letters, chosen, kind === "name").then((found) => {
      if (now !== writing) return;
      if (found.done) {
        add(found.done);
        forget();
      } else {
        typing = found.typing;
        offers = found.offers.map((o) => ({
          face: o.text,
          take: () => {
            chosen = [...chosen, o];
            page = 0;
            respell();
          },
        }));
      }
      show();
    });
    shownLetters();
    bar.setAttribute("aria-busy", "true"); // what it offers is for other letters
  }

  function turn(to: Way): void {
    forget();
    way = to;
    if (to !== "hand") keys.setOptions({ layoutName: to, display: faces(to) });
    show();
    field.fit();
  }

  function add(s: string): void {
    if ([...text].length < most) text += s;
  }

  function show(): void {
    shownLetters();
    root.dataset["way"] = way;
    for (const tab of ways) tab.setAttribute("aria-pressed", String(tab.dataset["way"] === (way === "capital" ? "latin" : way)));
    bar.removeAttribute("aria-busy");
    bar.replaceChildren(...(offers.length > 0 ? offered() : [hint()]));
  }

  function shownLetters(): void {
    const open = document.createElement("i");
    open.textContent = way === "strokes" ? strokesOf(typing) : typing;
    shown.replaceChildren(text, open);
    shown.toggleAttribute("data-empty", text === "" && letters === "");
  }

  /** As many candidates as fit, with a button for more. */
  function offered(): Element[] {
    const starts = pagesOf(offers.map((o) => [...o.face].length));
    const last = starts.length - 1;
    const buttons = offers.slice(starts[page], starts[page + 1]).map((o) => key(o.face, o.take));
    if (last === 0) return buttons;
    const go = (to: number) => () => {
      page = to;
      show();
    };
    const turn = (face: string, name: string | undefined, to: number): Element => {
      const button = key(face, go(to));
      button.setAttribute("aria-label", name ?? "");
      return button;
    };
    const { sooner, later } = root.dataset;
    return [turn("‹", sooner, page > 0 ? page - 1 : last), ...buttons, turn("›", later, page < last ? page + 1 : 0)];
  }

  /** Where the bar's pages begin, for candidates of so many characters each. One page needs no buttons to turn it. */
  function pagesOf(lengths: number[]): number[] {
    const high = bar.clientHeight;
    const between = gap * pixelsPerMillimetre();
    const wide = (length: number): number => between + (length === 1 ? high : high * (0.3 + 0.66 * length));
    const whole = bar.clientWidth + between;
    if (lengths.reduce((sum, n) => sum + wide(n), 0) <= whole) return [0];
    const starts = [0];
    let left = whole - 2 * wide(1);
    lengths.forEach((n, i) => {
      left -= wide(n);
      if (left >= 0 || starts.at(-1) === i) return;
      starts.push(i);
      left = whole - 2 * wide(1) - wide(n);
    });
    return starts;
  }

  function key(face: string, act: () => void): Element {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "key";
    button.textContent = face;
    if ([...face].length > 1) button.classList.add("phrase");
    button.addEventListener("click", act);
    return button;
  }

  /** What to do while there is nothing to choose from. */
  function hint(): Element {
    const p = document.createElement("p");
    p.textContent = saying || root.dataset[letters ? (way === "strokes" ? "nostroke" : "none") : hints[way] ?? ""] || "";
    return p;
  }

  function take(): Carried | null {
    if (bar.hasAttribute("aria-busy")) return null; // in a moment
    const value = text.trim();
    const whole = value !== "" && letters === "" && offers.length === 0; // what became no character yet would be lost
    refuse(root, !whole);
    return whole ? { value } : null;
  }

  part(root, ".board").addEventListener("click", (e) => {
    const key = e.detail === 0 && e.target instanceof Element ? e.target.closest<HTMLElement>(".hg-button")?.dataset["skbtn"] : undefined;
    if (key) press(key); // chosen without a pointer, for which alone the board listens
  });
  for (const tab of ways) tab.addEventListener("click", () => void pending.then(() => turn(tab.dataset["way"] as Way)));
  for (const tool of root.querySelectorAll<HTMLElement>("[data-tool]")) {
    tool.addEventListener("click", () => {
      refuse(root, false);
      if (tool.dataset["tool"] === "stroke") return field.undo();
      if (tool.dataset["tool"] === "again") wipe();
      else press("{bksp}");
      show();
    });
  }
  show();
  field.fit();
  const fit = (): void => {
    if (!field.fit()) return; // drawn anew in the same size: somebody may be writing
    wipe();
    show();
  };
  const leave = (): void => {
    clearTimeout(resting);
    keys.destroy(); // it listens to the whole page, and remembers what was typed
    const paper = part<HTMLCanvasElement>(root, "canvas");
    paper.width = paper.height = 0; // gives back what was written at once
  };
  return { take, fit, leave };
}
