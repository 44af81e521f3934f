// Charts, tooltips of readings, light and dark. Pages work without it: every chart has its numbers in a table.
"use strict";

const views = new Map();

function variable(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// The same roles as in pipeline/report/figure.py, in the colours of the page.
function theme() {
  const ink = variable("--ink"), soft = variable("--soft"), grid = variable("--line");
  const font = getComputedStyle(document.body).fontFamily;
  return {
    background: "transparent", font, view: { stroke: null },
    axis: { labelColor: soft, titleColor: soft, gridColor: grid, domainColor: grid, tickColor: grid, titleFontWeight: "normal", labelFontSize: 11, titleFontSize: 11 },
    legend: { labelColor: soft, titleColor: soft, orient: "top", title: null, labelFontSize: 11, symbolType: "square" },
    text: { color: ink },
  };
}

async function draw() {
  for (const box of document.querySelectorAll(".vega")) {
    const key = box.dataset.key;
    const spec = JSON.parse(document.querySelector(`script[data-spec="${CSS.escape(key)}"]`).textContent);
    spec.config = { ...(spec.config || {}), ...theme() };
    views.get(key)?.finalize();
    // ast: expressions are interpreted, since the page forbids itself to evaluate text as code.
    const result = await vegaEmbed(box, spec, {
      mode: "vega-lite", renderer: "svg", actions: false, ast: true, defaultStyle: false, loader: { target: "_self" },
      tooltip: { theme: "paper", disableDefaultStyle: true },
    });
    views.set(key, result);
    box.dataset.drawn = "true";
  }
}

async function save(key) {
  const svg = await views.get(key).view.toSVG(2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  link.download = `faultline-${key}.svg`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function isDark() {
  const chosen = document.documentElement.dataset.paper;
  return chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function readings() {
  const tip = document.getElementById("tip");
  if (!tip) return;
  const show = (mark) => {
    tip.textContent = mark.dataset.tip;
    tip.hidden = false;
    const at = mark.getClientRects()[0], box = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.width - 8)) + scrollX}px`;
    const below = at.bottom + 6 + box.height < innerHeight || at.top < box.height;
    tip.style.top = `${(below ? at.bottom + 6 : at.top - box.height - 6) + scrollY}px`;
  };
  const hide = () => { tip.hidden = true; };
  for (const mark of document.querySelectorAll("mark[data-tip]")) {
    mark.addEventListener("pointerenter", () => show(mark));
    mark.addEventListener("pointerleave", hide);
    mark.addEventListener("focus", () => show(mark));
    mark.addEventListener("blur", hide);
  }
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
  for (const box of document.querySelectorAll(".layers input")) {
    box.addEventListener("change", () => document.querySelector(".prose").classList.toggle(`no-${box.name}`, !box.checked));
  }
}

document.addEventListener("DOMContentLoaded", () => {
  readings();
  for (const button of document.querySelectorAll("[data-save]")) button.addEventListener("click", () => save(button.dataset.save));
  document.getElementById("paper").addEventListener("click", () => {
    const next = isDark() ? "light" : "dark";
    document.documentElement.dataset.paper = next;
    try { localStorage.setItem("paper", next); } catch { /* it holds for this page */ }
    if (views.size) draw();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (views.size) draw(); });
  if (document.querySelector(".vega")) draw();
});
