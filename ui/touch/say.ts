// What has come under the focus is told to the daemon, which says it where the voice is on (ui/voice/prompt.go).
import { screen } from "./screen";

/** The attributes that name a thing, the first that it has. */
const naming = ["do", "undo", "voice", "key", "code", "way", "tool", "part", "step"] as const;

function thing(at: HTMLElement): string | undefined {
  if (!at.matches("button, .hg-button")) return "top"; // a heading stands for its screen
  for (const name of naming) {
    const value = at.dataset[name];
    if (value === undefined) continue;
    const more = name === "do" || name === "voice" ? at.dataset["value"] : undefined;
    return `${name}:${value}` + (more === undefined ? "" : `=${more}`);
  }
  return undefined;
}

/** What the page itself put there, by its words: a letter, a character to choose, a handle. It is somebody's own. */
function typed(at: HTMLElement): string | undefined {
  if (!at.matches(".hg-button, .candidates button, [data-corner], [data-nudge]")) return undefined;
  const words = (at.getAttribute("aria-label") || at.textContent || "").trim();
  return at.matches(".hg-button") ? words.split(" ").at(-1) : words; // a stroke's name stands behind its picture
}

let asked: Promise<void> = Promise.resolve();

/** Asks the voice for something, one after the other: a curtain that is lifted was drawn before. */
export function post(to: string, wish: Record<string, string>): Promise<void> {
  const { visit = "", seq = "0" } = screen().dataset;
  return (asked = asked.then(() => send(to, { visit, seq: Number(seq), ...wish })));
}

async function send(to: string, wish: Record<string, string | number>): Promise<void> {
  try {
    await fetch(to, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(wish) });
  } catch {
    // The daemon is away: link.ts notices and covers the page.
  }
}

/** Has the thing said. Screens are said by the voice itself when they come. */
export function say(at: HTMLElement): void {
  const words = typed(at);
  if (words) return void post("/say", { typed: words });
  const name = thing(at);
  if (name) void post("/say", { thing: name });
}

/** Has the voice be silent while the screen is hidden. */
export function curtain(drawn: boolean): void {
  void post("/voice", { do: drawn ? "curtain" : "curtain-end" });
}

/** Switches the voice on, and has the whole screen said (again). */
export function sayScreen(): void {
  void post("/voice", { do: "on" });
}
