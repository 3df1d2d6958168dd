// Shows times in the reader's zone: <time> that reads as a date, or has data-local, is written anew and keeps its old
// words as the title; one that says how long ago it was gets the time as its title.

const AS_A_DATE = /^\d{4}-\d\d-\d\d \d\d:\d\d/;

function localise() {
  for (const time of document.querySelectorAll("time[datetime]:not([title])")) {
    const moment = new Date(time.dateTime);
    if (Number.isNaN(moment.getTime())) continue;
    const local = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
      weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
      year: moment.getFullYear() === new Date().getFullYear() ? undefined : "numeric",
    }).format(moment);
    const isDate = "local" in time.dataset || AS_A_DATE.test(time.textContent.trim());
    time.title = isDate ? time.textContent : local;
    if (isDate) time.textContent = local;
  }
}

localise();
document.addEventListener("page:replaced", localise);
document.addEventListener("htmx:after:swap", localise);
