// Shows <time datetime="..." data-local> in the reader's zone; the words that were there stay as the title.

function localise() {
  for (const time of document.querySelectorAll("time[data-local]:not([title])")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    time.title = time.textContent;
    time.textContent = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
      weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
    }).format(moment);
  }
}

localise();
document.addEventListener("page:replaced", localise);
document.addEventListener("htmx:after:swap", localise);
