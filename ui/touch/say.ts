// What has come under the focus is told to the daemon, which says it where the voice is on (ui/voice/prompt.go).
import { screen } from "./screen";

/** The attributes that name a thing, the first that it has. What the resident made, such as a character to choose, has none. */
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

/** Asks the voice for something. */
export async function post(to: string, wish: Record<string, string>): Promise<void> {
  const { visit = "", seq = "0" } = screen().dataset;
  try {
    await fetch(to, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ visit, seq: Number(seq), ...wish }) });
  } catch {
    // The daemon is away: link.ts notices and covers the page.
  }
}

/** Has the thing said. Screens are said by the voice itself when they come. */
export function say(at: HTMLElement): void {
  const name = thing(at);
  if (name) void post("/say", { thing: name });
}

/** Switches the voice on, and has the whole screen said (again). */
export function sayScreen(): void {
  void post("/voice", { do: "on" });
}
