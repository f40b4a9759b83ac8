"use strict";
// The page is whole without this. With it, it follows what happens: an event has the page asked for anew, and what
// differs is put in place. A part in which somebody types stays as it is.
(() => {
  const live = document.getElementById("live");
  let source, last, timer, busy = false, again = false;

  const typing = (part) => {
    const at = document.activeElement;
    return part.contains(at) && at.matches("input") ||
      [...part.querySelectorAll("input:not([type=hidden])")].some((i) => i.value !== i.defaultValue || i.checked !== i.defaultChecked);
  };

  // What a person sees of a part: ids of commands are new each time, and the clock goes by itself.
  const essence = (part) => {
    const copy = part.cloneNode(true);
    for (const e of copy.querySelectorAll("[name=command_id], [data-worked]")) e.remove();
    for (const e of copy.querySelectorAll("[open]")) e.removeAttribute("open");
    return copy.outerHTML;
  };

  const put = (next) => {
    document.title = next.title;
    for (const part of document.querySelectorAll("main > section")) {
      const other = next.getElementById(part.id);
      if (!other || essence(other) === essence(part)) continue;
      // Between the press of a button and its release it must stay the same button.
      if (part.querySelector(":active")) { soon(); continue; }
      const open = [...part.querySelectorAll("details[open]")].map((d) => d.id);
      const focus = part.contains(document.activeElement) ? document.activeElement.id : "";
      if (typing(part)) {
        // The form stays; what stands above it is renewed.
        const old = part.querySelector(".now"), now = other.querySelector(".now");
        if (old && now) old.replaceWith(document.importNode(now, true));
        part.className = other.className;
      } else {
        part.replaceWith(document.importNode(other, true));
      }
      for (const id of open) document.getElementById(id)?.setAttribute("open", "");
      if (focus) document.getElementById(focus)?.focus();
    }
  };

  const look = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch("/?look", { cache: "no-store" });
      if (answer.status === 401) { stop(); live.textContent = "the session has ended: stint dashboard"; return; }
      if (answer.ok) put(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch { live.textContent = "the host is away"; } finally {
      busy = false;
      if (again) { again = false; soon(); }
    }
  };

  // Many events at once are one look.
  const soon = () => { timer ??= setTimeout(() => { timer = undefined; look(); }, 200); };

  const stop = () => { source?.close(); source = undefined; };
  const listen = () => {
    if (source || document.hidden) return;
    source = new EventSource("/api/v1/events" + (last ? "?after=" + last : ""));
    source.onopen = () => { live.textContent = "live"; soon(); };
    source.onerror = () => { live.textContent = "the host is away"; };
    source.addEventListener("told", (event) => { last = event.lastEventId; soon(); });
    source.addEventListener("missed", soon);
  };
  // A browser has few connections to one host, so a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", () => document.hidden ? stop() : listen());
  addEventListener("pagehide", stop);
  listen();

  setInterval(() => {
    const clock = document.querySelector("[data-worked]");
    if (!clock) return;
    clock.begun ??= performance.now();
    const s = Math.floor((Number(clock.dataset.worked) + performance.now() - clock.begun) / 1000);
    const two = (n) => String(n).padStart(2, "0");
    clock.textContent = Math.floor(s / 3600) + ":" + two(Math.floor(s / 60) % 60) + ":" + two(s % 60);
  }, 1000);
})();
