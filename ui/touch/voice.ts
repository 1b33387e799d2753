// The voice's buttons. Nothing here makes a sound or knows whether one is heard: the daemon speaks.
import { post } from "./say";
import { stillHere } from "./send";

/** Begins to listen to the voice's buttons. */
export function listen(): void {
  document.addEventListener("click", (e) => {
    const button = e.target instanceof Element ? e.target.closest<HTMLElement>("[data-voice]") : null;
    if (!button) return;
    stillHere();
    void post("/voice", { do: button.dataset["voice"] ?? "" });
  });
}
