import { fill, part } from "./screen";
import { type Carried, refuse, type Widget } from "./widget";

type Part = "year" | "month" | "day";

/** A date by big buttons: some ten years, the year, the month, the day. The value is YYYYMMDD. */
export function day(root: HTMLElement): Widget {
  const grid = part(root, ".grid");
  const asking = part(root, ".say");
  const tabs: Record<Part, HTMLElement> = {
    year: part(root, '[data-part="year"]'), month: part(root, '[data-part="month"]'), day: part(root, '[data-part="day"]'),
  };
  const given = /^(\d{4})(\d{2})(\d{2})$/.exec(root.dataset["value"] ?? "");
  const date: Record<Part, number> = { year: Number(given?.[1] ?? 0), month: Number(given?.[2] ?? 0), day: Number(given?.[3] ?? 0) };
  let step: "decade" | Part | "whole" = given ? "whole" : "decade";

  function label(name: Part | "decade", n: number): string {
    if (name === "decade") return fill(root.dataset["decade"], { from: n, to: n + 9 });
    return fill(root.dataset[name === "day" ? "date" : name], { n });
  }

  /** What can be chosen now; the years reach from 1910 to the present decade's end. */
  function choices(): number[] {
    const from = (first: number, last: number, by = 1): number[] =>
      Array.from({ length: Math.floor((last - first) / by) + 1 }, (_, i) => first + i * by);
    switch (step) {
      case "decade": return from(1910, new Date().getFullYear(), 10);
      case "year": return from(date.year - (date.year % 10), date.year - (date.year % 10) + 9);
      case "month": return from(1, 12);
      case "day": return from(1, new Date(date.year, date.month, 0).getDate());
      case "whole": return [];
    }
  }

  function choose(n: number): void {
    refuse(root, false);
    switch (step) {
      case "decade":
        date.year = n;
        step = "year";
        break;
      case "year":
        date.year = n;
        step = "month";
        break;
      case "month":
        date.month = n;
        date.day = 0;
        step = "day";
        break;
      default:
        date.day = n;
        step = "whole";
    }
    show();
  }

  function show(): void {
    const began = step !== "decade" && step !== "year";
    tabs.year.textContent = began ? label("year", date.year) : root.dataset["empty"] ?? "";
    tabs.month.textContent = began && date.month ? label("month", date.month) : root.dataset["empty"] ?? "";
    tabs.day.textContent = began && date.day ? label("day", date.day) : root.dataset["empty"] ?? "";
    for (const name of ["year", "month", "day"] as const) {
      tabs[name].setAttribute("aria-current", String(name === step || (name === "year" && step === "decade")));
    }
    asking.textContent = asking.dataset[step === "whole" ? "whole" : `${step}s`] ?? "";
    grid.dataset["step"] = step;
    grid.replaceChildren(...choices().map((n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "key";
      button.textContent = label(step as Part | "decade", n);
      button.addEventListener("click", () => choose(n));
      return button;
    }));
  }

  tabs.year.addEventListener("click", () => {
    step = "decade";
    show();
  });
  for (const name of ["month", "day"] as const) {
    tabs[name].addEventListener("click", () => {
      if (!date.year || step === "decade" || step === "year" || (name === "day" && !date.month)) return;
      step = name;
      show();
    });
  }

  function take(): Carried | null {
    const whole = step === "whole" && date.year > 0 && date.month > 0 && date.day > 0;
    refuse(root, !whole);
    const two = (n: number): string => String(n).padStart(2, "0");
    return whole ? { value: `${date.year}${two(date.month)}${two(date.day)}` } : null;
  }

  show();
  return { take };
}
