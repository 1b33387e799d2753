import { spoken } from "./numerals";
import { fill, part } from "./screen";
import { type Carried, refuse, type Widget } from "./widget";

/** How many characters each kind of number has at most, and in what groups they are shown. */
const kinds: Record<string, { most: number; exact?: number; groups?: number[] }> = {
  money: { most: 9 },
  count: { most: 4 },
  idnumber: { most: 18, exact: 18, groups: [6, 4, 4, 4] },
  phone: { most: 11, exact: 11, groups: [3, 4, 4] },
  slipno: { most: 23, exact: 23, groups: [6, 4, 8, 5] },
  code: { most: 8, exact: 8, groups: [4, 4] },
  pin: { most: 6, exact: 6, groups: [3, 3] },
  account: { most: 23, groups: [4, 4, 4, 4, 4, 3] },
};

/** The number pad: money in yuan with up to two decimals, counts, and numbers of identity, telephone and account. */
export function keypad(root: HTMLElement): Widget {
  const kind = root.dataset["kind"] ?? "count";
  const rule = kinds[kind] ?? { most: 12 };
  const shown = part<HTMLOutputElement>(root, "output");
  const saying = part(root, ".spoken");
  let value = root.dataset["value"] ?? "";
  let fresh = value !== "" && kind !== "slipno"; // the first key replaces an answer given before; a slip's number is only begun

  function press(key: string): void {
    if (key === "clear") value = "";
    else if (key === "back") value = value.slice(0, -1);
    else value = typed(fresh ? "" : value, key);
    fresh = false;
    refuse(root, false);
    show();
  }

  function typed(before: string, key: string): string {
    const after = before + key;
    if (kind === "money") {
      if (key === "." && before === "") return "0.";
      if (!/^\d{0,9}(\.\d{0,2})?$/.test(after)) return before;
      return after.replace(/^0+(?=\d)/, "");
    }
    if (after.length > rule.most || (key === "X" && before.length !== 17)) return before;
    return kind === "count" ? after.replace(/^0+(?=\d)/, "") : after;
  }

  function show(): void {
    shown.textContent = grouped(kind === "pin" ? "●".repeat(value.length) : value); // others look on
    shown.toggleAttribute("data-empty", value === "");
    const missing = (rule.exact ?? 0) - value.length;
    if (kind === "money") saying.textContent = spoken(value, root.dataset["numerals"] ?? "");
    else saying.textContent = value !== "" && missing > 0 ? fill(saying.dataset["left"], { n: missing }) : "";
  }

  function grouped(digits: string): string {
    if (kind === "money") return digits.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ",");
    if (!rule.groups) return digits;
    const parts: string[] = [];
    let rest = digits;
    for (const n of rule.groups) {
      parts.push(rest.slice(0, n));
      rest = rest.slice(n);
    }
    return [...parts, rest].filter(Boolean).join(" ");
  }

  function take(): Carried | null {
    refuse(root, value === "");
    return value === "" ? null : { value: value.replace(/\.$/, "") };
  }

  root.addEventListener("click", (e) => {
    const key = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-key]")?.dataset["key"] : undefined;
    if (key) press(key);
  });
  show();
  return { take };
}
