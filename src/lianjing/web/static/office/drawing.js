// Placing a zone: a click on the plan, or the arrow keys while it has the focus, fills in the two numbers of the form.

const plan = document.querySelector("[data-plan]");
const across = document.getElementById("place-x");
const down = document.getElementById("place-y");

if (plan && across && down) {
  const picked = plan.querySelector("[data-picked]");
  const { width, height } = plan.viewBox.baseVal;

  const share = (field) => Math.min(100, Math.max(0, Number(field.value)));

  function show() {
    const known = across.value !== "" && down.value !== "";
    picked.toggleAttribute("hidden", !known);
    if (known) picked.setAttribute("transform", `translate(${(share(across) * width) / 100} ${(share(down) * height) / 100})`);
  }

  function pick(x, y) {
    across.value = Math.min(100, Math.max(0, x)).toFixed(1);
    down.value = Math.min(100, Math.max(0, y)).toFixed(1);
    show();
  }

  plan.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(plan.getScreenCTM().inverse());
    pick((at.x * 100) / width, (at.y * 100) / height);
  });

  const steps = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  plan.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const far = event.shiftKey ? 5 : 0.5;
    const from = across.value === "" ? [50, 50] : [share(across), share(down)];
    pick(from[0] + step[0] * far, from[1] + step[1] * far);
  });

  for (const field of [across, down]) field.addEventListener("input", show);
  show();
}
