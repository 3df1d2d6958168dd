// Offers the reader's own time zone where none is chosen yet; it is sent only if it stays there.
const field = document.querySelector("input[data-zone]");
const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (field && !field.value && own?.includes("/")) {
  const times = document.querySelectorAll('input[type="datetime-local"]');
  // Times that were chosen as UTC must not move: then the zone is only suggested.
  if ([...times].some((time) => time.value)) field.placeholder = own;
  else field.value = own;
}
