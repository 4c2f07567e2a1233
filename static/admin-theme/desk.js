/* What a form of the desk does beyond Django's own. Each part is of use without the others, and the form without all. */

import { order } from "./order.js";
import { pictures } from "./picture.js";
import { prose } from "./prose.js";

addEventListener("load", () => {
  order();
  prose();
  pictures();
});
