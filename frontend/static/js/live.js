// Keeps a page fresh. <body data-live="/live?..."> names the event stream; every "refresh" event is a hint that the
// elements with data-live-url are out of date: each is fetched anew and morphed in place. The event's text is a topic;
// elements with data-live-topic answer to their own topic only. Indicators: [data-live-state].

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const BETWEEN_FETCHES = 1000;

const WORDS = { connecting: "connecting", live: "live", paused: "paused, retrying", hidden: "paused" };

let source = null;
let wait = FIRST_WAIT;
let timer = 0;
const fetchedAt = new Map();
const planned = new Map();

function show(state) {
  for (const dot of document.querySelectorAll("[data-live-state]")) {
    dot.hidden = false;
    dot.dataset.state = state;
    dot.textContent = WORDS[state];
  }
}

function isBusy(target) {
  // Someone typing, or answering a dialog, is never interrupted; the next hint brings the news.
  return Boolean(target.querySelector("dialog[open], input:focus, textarea:focus, select:focus"));
}

async function refetch(url) {
  planned.delete(url);
  fetchedAt.set(url, Date.now());
  const answer = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) return;
  const text = await answer.text();
  const target = [...document.querySelectorAll("[data-live-url]")].find((one) => one.dataset.liveUrl === url);
  if (target && !isBusy(target)) await window.htmx.swap({ text, target, sourceElement: target, swap: "outerMorph" });
}

function plan(url) {
  if (planned.has(url)) return;
  const due = (fetchedAt.get(url) ?? 0) + BETWEEN_FETCHES - Date.now();
  planned.set(url, setTimeout(refetch, Math.max(0, due), url));
}

function refresh(topic) {
  for (const element of document.querySelectorAll("[data-live-url]")) {
    const own = element.dataset.liveTopic;
    if (!topic || !own || own === topic) plan(element.dataset.liveUrl);
  }
}

function connect() {
  clearTimeout(timer);
  source?.close();
  show("connecting");
  source = new EventSource(document.body.dataset.live);
  source.addEventListener("open", () => {
    // A stream that was lost may have missed hints.
    if (wait > FIRST_WAIT) refresh("");
    wait = FIRST_WAIT;
    show("live");
  });
  source.addEventListener("refresh", (event) => {
    show("live");
    refresh(event.data.trim());
  });
  // The server is there, but what tells it of changes is not.
  source.addEventListener("paused", () => show("paused"));
  source.addEventListener("error", () => {
    source.close();
    show("paused");
    timer = setTimeout(connect, wait * (0.7 + 0.6 * Math.random()));
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}

function pause() {
  clearTimeout(timer);
  source?.close();
  source = null;
  show("hidden");
}

if (document.body.dataset.live) {
  connect();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      pause();
    } else if (!source) {
      wait = FIRST_WAIT * 2;
      connect();
    }
  });
  addEventListener("pagehide", pause);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
}
