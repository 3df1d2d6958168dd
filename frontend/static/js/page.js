// What every page needs.

import "./theme.js";
import "./menus.js";
import "./copy.js";
import "./live.js";
