// The calendar by keyboard: arrows go from cell to cell that holds something, [ and ] turn the page, T comes back to today.

const cells = () => [...document.querySelectorAll("table.roster tbody tr")].map((row) => [...row.cells]);

function step(from, down, along) {
  const grid = cells();
  let row = grid.findIndex((line) => line.includes(from));
  let column = grid[row].indexOf(from);
  for (;;) {
    row += down;
    column += along;
    const link = grid[row]?.[column]?.querySelector("a");
    if (grid[row]?.[column] === undefined) return;
    if (link) return link.focus();
  }
}

const ways = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest?.("input, select, textarea, [contenteditable]")) return;
  const way = ways[event.key];
  const cell = event.target.closest?.("table.roster td");
  if (way && cell) {
    event.preventDefault();
    step(cell, ...way);
  } else if (event.key === "ArrowDown" && event.target === document.body) {
    document.querySelector("table.roster td a")?.focus();
  } else if ("[]tT".includes(event.key)) {
    document.querySelector(`[data-key-press="${event.key.toLowerCase()}"]`)?.click();
  }
});
