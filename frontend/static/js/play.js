// The table at which a person sits: <section data-play> of templates/play/table.html.

import { Table } from "./play/table.js";

for (const root of document.querySelectorAll("[data-play]")) new Table(root).begin();
