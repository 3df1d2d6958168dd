// A match while it is played. Starts on every [data-tv] (templates/tv/_screen.html).

import { Show } from "./tv/show.js";

for (const root of document.querySelectorAll("[data-tv]")) new Show(root).begin();
