// Keeps the board alive: events say only that something changed; the page itself is fetched again and swapped.
// Without this module the page is whole, and reloads by itself.

const REGIONS = ["head", "board", "journal", "others", "clockbox"];
const CALM_MS = 250; // Many changes in a moment are one fetch.
const STALE_S = 10;
const DEAD_S = 30;
const AGE_MS = 30_000; // Ages and clocks on the page are at most this old.

const feed = document.getElementById("feed");
const words = document.getElementById("feed-words");
const trusted = window.trustedTypes?.createPolicy("crisis-bus", { createHTML: (html) => html });

let heard = performance.now();
let drawn = performance.now();
let waiting = 0;
let source;

function newest() {
  return Number(document.querySelector("#journal [data-cursor]")?.dataset.cursor ?? -1);
}

function swap(fresh) {
  const before = newest();
  for (const id of REGIONS) {
    const there = document.getElementById(id);
    const next = fresh.getElementById(id);
    if (there && next) there.replaceWith(next);
  }
  for (const line of document.querySelectorAll("#journal [data-cursor]")) {
    if (Number(line.dataset.cursor) > before) line.classList.add("new");
  }
}

async function redraw() {
  waiting = 0;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" }, cache: "no-store" });
  if (!answer.ok) throw new Error(`the page answered ${answer.status}`);
  const html = await answer.text();
  drawn = performance.now();
  swap(new DOMParser().parseFromString(trusted ? trusted.createHTML(html) : html, "text/html"));
}

function soon() {
  if (!waiting) waiting = setTimeout(() => redraw().catch(() => { drawn = performance.now(); }), CALM_MS);
}

function beat(event) {
  heard = performance.now();
  const clock = document.getElementById("clock");
  if (clock) clock.textContent = JSON.parse(event.data).clock;
  show();
}

function show() {
  const silent = Math.floor((performance.now() - heard) / 1000);
  const state = silent >= DEAD_S ? "dead" : silent >= STALE_S ? "stale" : "live";
  feed.dataset.state = state;
  const said = feed.dataset[state].replace("{n}", silent);
  if (words.textContent !== said) words.textContent = said;
}

function connect(wait) {
  source = new EventSource(feed.dataset.stream);
  source.addEventListener("beat", beat);
  source.addEventListener("changed", () => { heard = performance.now(); soon(); });
  source.addEventListener("reset", () => { heard = performance.now(); soon(); });
  source.addEventListener("error", () => {
    // A broken connection is resumed by the browser; one that was refused has to be begun again.
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => { soon(); connect(Math.min(wait * 2, 16_000)); }, wait + Math.random() * 500);
  });
}

connect(1000);
setInterval(() => {
  show();
  if (feed.dataset.state === "live" && performance.now() - drawn > AGE_MS) soon();
}, 1000);
show();
