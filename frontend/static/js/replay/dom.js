// Small makers of elements. Text stays text: nothing an agent wrote can become markup.

const SVG = "http://www.w3.org/2000/svg";

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children);
  return element;
}

export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function makeSvg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A square button with an icon of the sprite and a spoken name. */
export function makeButton(sprite, icon, label, act) {
  const use = makeSvg("use", { href: `${sprite}#${icon}` });
  const button = make("button", { type: "button", class: "player-button", title: label, "aria-label": label },
    makeSvg("svg", { class: "icon", "aria-hidden": "true" }, use));
  button.addEventListener("click", act);
  button.showIcon = (name, text) => {
    use.setAttribute("href", `${sprite}#${name}`);
    button.title = text;
    button.setAttribute("aria-label", text);
  };
  return button;
}

/** Return a function that resolves a CSS colour expression, e.g. "var(--seat-0)", as seen from `root`. */
export function colourReader(root) {
  const probe = make("span", { hidden: true });
  root.append(probe);
  let known = new Map();
  document.addEventListener("themechange", () => { known = new Map(); });
  return (expression) => {
    if (!known.has(expression)) {
      probe.style.color = expression;
      known.set(expression, getComputedStyle(probe).color);
    }
    return known.get(expression);
  };
}
