/* What a form of the desk does beyond Django's own. Each part is of use without the others, and the form without all. */

import { draft } from "./draft.js";
import { focus } from "./focus.js";
import { names } from "./names.js";
import { order } from "./order.js";
import { pictures } from "./picture.js";
import { prose } from "./prose.js";

function start() {
  names();
  order();
  prose();
  pictures();
  focus();
  draft();
}

// After Django's own scripts, which do their part when jQuery says that the page is ready.
addEventListener("load", () => window.django.jQuery(start));
