import { SimpleKeyboard as Keyboard } from "simple-keyboard";
import { part, pixelsPerMillimetre } from "./screen";
import { candidates } from "./pinyin";
import { type Carried, refuse, type Widget } from "./widget";

/** Characters of an answer at most. */
const most = 60;
/** Between two candidates, in millimetres. Each is as wide as the bar is high. */
const gap = 3;

const layout = {
  han: ["q w e r t y u i o p", "a s d f g h j k l", "{digits} z x c v b n m {bksp}", "{latin} {space} · {clear}"],
  latin: ["q w e r t y u i o p", "a s d f g h j k l", "{shift} z x c v b n m {bksp}", "{han} {digits} {space} - ."],
  capital: ["Q W E R T Y U I O P", "A S D F G H J K L", "{shift} Z X C V B N M {bksp}", "{han} {digits} {space} - ."],
  digits: ["1 2 3 4 5", "6 7 8 9 0", "- . / ( )", "{han} {latin} {space} {bksp}"],
};

type Board = keyof typeof layout;

/** Text by on-screen keys; Chinese by pinyin, a character at a time, with a bar of candidates. */
export function keyboard(root: HTMLElement): Widget {
  const shown = part<HTMLOutputElement>(root, "output");
  const bar = part(root, ".candidates");
  let text = root.dataset["value"] ?? "";
  let letters = "";
  let page = 0;
  let board: Board = root.dataset["lang"]?.startsWith("zh") ? "han" : "latin";

  const keys = new Keyboard(part<HTMLDivElement>(root, ".board"), {
    layout, layoutName: board,
    display: {
      "{bksp}": "⌫", "{shift}": root.dataset["shift"] ?? "", "{clear}": root.dataset["clear"] ?? "", "{space}": root.dataset["space"] ?? "",
      "{han}": root.dataset["han"] ?? "", "{latin}": root.dataset["latin"] ?? "", "{digits}": root.dataset["digits"] ?? "",
    },
    mergeDisplay: true, disableButtonHold: true, physicalKeyboardHighlight: false, useTouchEvents: false, useMouseEvents: false,
    onKeyPress: (key: string) => press(key),
  });

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
      case "{shift}": return turn(board === "capital" ? "latin" : "capital");
      case "{han}": return turn("han");
      case "{latin}": return turn("latin");
      case "{digits}": return turn("digits");
      case "{space}":
        if (letters) return choose(0);
        if (text) text += " ";
        break;
      default:
        if (board === "han" && /^[a-z]$/.test(key)) letters = (letters + key).slice(0, 24);
        else add(key);
    }
    page = 0;
    show();
  }

  function turn(to: Board): void {
    letters = "";
    board = to;
    keys.setOptions({ layoutName: to });
    show();
  }

  function add(s: string): void {
    if ([...text].length < most) text += s;
  }

  function choose(at: number): void {
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
    bar.replaceChildren(...(letters ? offered() : [hint(root.dataset[board === "han" ? "hint" : ""] ?? "")]));
  }

  /** As many candidates as fit, with a button for more. */
  function offered(): Element[] {
    const all = candidates(letters);
    if (all.length === 0) return [hint(root.dataset["none"] ?? "")];
    const cell = bar.clientHeight + gap * pixelsPerMillimetre();
    const room = Math.max(3, Math.floor(bar.clientWidth / cell) - 2);
    const first = page * room;
    const buttons = all.slice(first, first + room).map((c, i) => key(c.char, () => choose(first + i)));
    if (all.length <= room) return buttons;
    const last = Math.ceil(all.length / room) - 1;
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

  function hint(words: string): Element {
    const p = document.createElement("p");
    p.textContent = words;
    return p;
  }

  function take(): Carried | null {
    const value = text.trim();
    const whole = value !== "" && letters === ""; // letters that became no character yet would be lost
    refuse(root, !whole);
    return whole ? { value } : null;
  }

  show();
  return { take };
}
