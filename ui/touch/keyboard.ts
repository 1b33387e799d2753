import { SimpleKeyboard as Keyboard } from "simple-keyboard";
import { brush, type Place, read } from "./brush";
import { candidates } from "./pinyin";
import { part, pixelsPerMillimetre } from "./screen";
import { type Carried, refuse, type Widget } from "./widget";

/** Characters of an answer at most. */
const most = 60;
/** Between two candidates, in millimetres. Each is as wide as the bar is high. */
const gap = 3;
/** How long the finger rests before what it wrote is read, in milliseconds. */
const rest = 350;

const layout = {
  han: ["q w e r t y u i o p", "a s d f g h j k l", "z x c v b n m {bksp}", "{space} · {clear}"],
  latin: ["q w e r t y u i o p", "a s d f g h j k l", "{shift} z x c v b n m {bksp}", "{space} - . {clear}"],
  capital: ["Q W E R T Y U I O P", "A S D F G H J K L", "{shift} Z X C V B N M {bksp}", "{space} - . {clear}"],
  digits: ["1 2 3 4 5", "6 7 8 9 0", "X - . / ( )", "{space} {bksp} {clear}"],
};

type Board = keyof typeof layout;
type Way = Board | "hand";

/** One character that may be meant, and what taking it does. */
interface Offer { face: string; take: () => void }

/** Text by finger: written character by character, or by on-screen keys; Chinese also by pinyin. Nothing outlives the field. */
export function keyboard(root: HTMLElement): Widget {
  const shown = part<HTMLOutputElement>(root, "output");
  const bar = part(root, ".candidates");
  const ways = [...root.querySelectorAll<HTMLElement>("[data-way]")];
  const kind = root.dataset["kind"] ?? "";
  let text = root.dataset["value"] ?? "";
  let letters = "";
  let page = 0;
  let way: Way = root.dataset["lang"]?.startsWith("zh") ? "hand" : "latin";
  let offers: Offer[] = [];
  let saying = "";
  let writing = 0; // grows with every stroke, so that a late answer is not shown
  let resting: ReturnType<typeof setTimeout> | undefined;

  const keys = new Keyboard(part<HTMLDivElement>(root, ".board"), {
    layout, layoutName: way === "hand" ? "han" : way,
    display: {
      "{bksp}": "⌫", "{shift}": root.dataset["shift"] ?? "", "{clear}": root.dataset["clear"] ?? "", "{space}": root.dataset["space"] ?? "",
    },
    mergeDisplay: true, disableButtonHold: true, physicalKeyboardHighlight: false, useTouchEvents: false, useMouseEvents: false,
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
    switch (key) {
      case "{bksp}":
        if (letters) letters = letters.slice(0, -1);
        else text = [...text].slice(0, -1).join("");
        break;
      case "{clear}":
        letters = "";
        text = "";
        break;
      case "{shift}":
        turn(way === "capital" ? "latin" : "capital");
        return;
      case "{space}":
        if (letters) spell(0);
        else if (text) add(" ");
        break;
      default:
        if (way === "han" && /^[a-z]$/.test(key)) letters = (letters + key).slice(0, 24);
        else add(key);
    }
    page = 0;
    show();
  }

  function turn(to: Way): void {
    letters = "";
    way = to;
    wipe();
    if (to !== "hand") keys.setOptions({ layoutName: to });
    show();
    field.fit();
  }

  function add(s: string): void {
    if ([...text].length < most) text += s;
  }

  /** Takes one of the characters that the letters may mean. */
  function spell(at: number): void {
    const chosen = candidates(letters)[at];
    if (!chosen) return;
    add(chosen.char);
    letters = letters.slice(chosen.letters);
    page = 0;
    show();
  }

  function show(): void {
    const typing = document.createElement("i");
    typing.textContent = letters;
    shown.replaceChildren(text, typing);
    shown.toggleAttribute("data-empty", text === "" && letters === "");
    root.dataset["way"] = way;
    for (const tab of ways) tab.setAttribute("aria-pressed", String(tab.dataset["way"] === (way === "capital" ? "latin" : way)));
    if (way !== "hand") offers = (letters ? candidates(letters) : []).map((c, i) => ({ face: c.char, take: () => spell(i) }));
    bar.replaceChildren(...(offers.length > 0 ? offered() : [hint()]));
  }

  /** As many candidates as fit, with a button for more. */
  function offered(): Element[] {
    const cell = bar.clientHeight + gap * pixelsPerMillimetre();
    const all = Math.max(3, Math.floor((bar.clientWidth + gap * pixelsPerMillimetre()) / cell));
    const room = offers.length <= all ? all : all - 2;
    const first = page * room;
    const buttons = offers.slice(first, first + room).map((o) => key(o.face, o.take));
    if (offers.length <= room) return buttons;
    const last = Math.ceil(offers.length / room) - 1;
    const go = (to: number) => () => {
      page = to;
      show();
    };
    return [key("‹", go(page > 0 ? page - 1 : last)), ...buttons, key("›", go(page < last ? page + 1 : 0))];
  }

  function key(face: string, act: () => void): Element {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "key";
    button.textContent = face;
    button.addEventListener("click", act);
    return button;
  }

  /** What to do while there is nothing to choose from. */
  function hint(): Element {
    const p = document.createElement("p");
    p.textContent = saying || (letters ? root.dataset["none"] : way === "hand" ? root.dataset["write"] : way === "han" ? root.dataset["hint"] : "") || "";
    return p;
  }

  function take(): Carried | null {
    const value = text.trim();
    const whole = value !== "" && letters === "" && offers.length === 0; // what became no character yet would be lost
    refuse(root, !whole);
    return whole ? { value } : null;
  }

  for (const tab of ways) tab.addEventListener("click", () => turn(tab.dataset["way"] as Way));
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
  return { take, fit: () => { wipe(); field.fit(); show(); } };
}
