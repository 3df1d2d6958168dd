// Keeps a page fresh. <body data-live="/live?..."> names the event stream; every "refresh" event is a hint that the
// elements with data-live-url (a fragment's address, or a page's with #id) are out of date: each is fetched anew and
// morphed in place. The event's text is a topic; elements with data-live-topic answer to their own topic only.
// Indicators: [data-live-state]. Rows that have an id and say something new are marked for a moment.

import { word } from "./language/words.js";

const FIRST_WAIT = 1000;
const LONGEST_WAIT = 30000;
const BETWEEN_FETCHES = 1000;
const SPREAD = 2000;
const MARK = 2500;

const WORDS = {
  connecting: word("connecting"), live: word("live"), paused: word("paused, retrying"), hidden: word("paused"),
  closed: word("stopped, reload the page"),
};

let source = null;
let wait = FIRST_WAIT;
let timer = 0;
let last = "";
let isLate = false;
const fetchedAt = new Map();
const planned = new Map();

function show(state) {
  for (const dot of document.querySelectorAll("[data-live-state]")) {
    dot.hidden = false;
    dot.dataset.state = state;
    if (dot.textContent !== WORDS[state]) dot.textContent = WORDS[state];
  }
}

function isBusy(target) {
  // Someone typing, or answering a dialog, is never interrupted; the next hint brings the news.
  return Boolean(target.querySelector("dialog[open], input:focus, textarea:focus, select:focus"));
}

const rowsOf = (target) => [...target.querySelectorAll("tr[id], li[id]")];

/** What a row says, but for how long ago it was. */
const wordsOf = (row) => [...row.querySelectorAll("time")].reduce((text, time) => text.replace(time.textContent, ""), row.textContent);

/** Mark what says something else than before, for a moment. */
function markNews(url, before) {
  const target = find(url);
  if (!target || !before.size) return;
  for (const row of rowsOf(target)) {
    if (before.get(row.id) === wordsOf(row)) continue;
    row.dataset.fresh = "";
    setTimeout(() => delete row.dataset.fresh, MARK);
  }
}

const find = (url) => [...document.querySelectorAll("[data-live-url]")].find((one) => one.dataset.liveUrl === url);

let arriving;

/** htmx, fetched with the first news: it is a third of what a page weighs. Nothing where it cannot be had now. */
function htmx() {
  if (window.htmx) return window.htmx;
  arriving ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = document.querySelector("meta[name=htmx]").content;
    // It begins its own work a moment after it is there.
    script.addEventListener("load", () => setTimeout(() => done(window.htmx)));
    script.addEventListener("error", () => {
      arriving = undefined;
      done(null);
    });
    document.head.append(script);
  });
  return arriving;
}

async function refetch(url) {
  planned.delete(url);
  fetchedAt.set(url, Date.now());
  // Both may fail: the site can go before it answers, and in the middle of an answer. The next hint brings the news.
  const text = await fetch(url, { headers: { "HX-Request": "true" } })
    .then((answer) => (answer.ok ? answer.text() : null))
    .catch(() => null);
  if (text === null) return;
  const tool = await htmx();
  const target = find(url);
  if (!tool || !target || isBusy(target)) return;
  const part = new URL(url, location.href).hash;
  if (part && !text.includes(`id="${part.slice(1)}"`)) return;
  const before = new Map(rowsOf(target).map((row) => [row.id, wordsOf(row)]));
  await tool.swap({ text, target, sourceElement: target, swap: "outerMorph", select: part });
  markNews(url, before);
}

function plan(url, delay) {
  if (planned.has(url)) return;
  const due = (fetchedAt.get(url) ?? 0) + BETWEEN_FETCHES - Date.now();
  planned.set(url, setTimeout(refetch, Math.max(delay, due), url));
}

function refresh(topic, delay = 0) {
  for (const element of document.querySelectorAll("[data-live-url]")) {
    const own = element.dataset.liveTopic;
    if (!topic || !own || own === topic) plan(element.dataset.liveUrl, delay);
  }
}

function address() {
  if (!last) return document.body.dataset.live;
  const url = new URL(document.body.dataset.live, location.href);
  url.searchParams.set("last", last);
  return url;
}

function hear(event) {
  // The server tells a page that comes back what it missed since this one.
  if (event.lastEventId) last = event.lastEventId;
}

function connect() {
  clearTimeout(timer);
  source?.close();
  if (!isLate) show("connecting");
  source = new EventSource(address());
  source.addEventListener("open", () => {
    wait = FIRST_WAIT;
    show("live");
  });
  source.addEventListener("refresh", (event) => {
    hear(event);
    show("live");
    const topic = event.data.trim();
    // After a restart all pages come back at once: without a topic they spread out.
    refresh(topic, topic || !isLate ? 0 : Math.random() * SPREAD);
    isLate = false;
  });
  // The server is there, but what tells it of changes is not.
  source.addEventListener("paused", (event) => {
    hear(event);
    isLate = true;
    show("paused");
  });
  source.addEventListener("closed", () => {
    source.close();
    show("closed");
  });
  source.addEventListener("error", () => {
    source.close();
    isLate = true;
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
    if (document.hidden) pause();
    else if (!source) connect();
  });
  addEventListener("pagehide", pause);
  addEventListener("pageshow", (event) => { if (event.persisted) connect(); });
}
