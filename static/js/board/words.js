// What the board's script says, in the language of the page that it stands in.
export const words = document.querySelector("[data-words]").dataset;

/** A sentence with its {gaps} filled. */
export const say = (name, gaps) => words[name].replace(/{(\w+)}/g, (_gap, key) => gaps[key]);
