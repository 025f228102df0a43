/* A hold-up or fire that nobody has looked at stands over every page. One key opens it, also while typing: what is
   being typed stays (it is a draft), and nothing takes the focus away. Offers to this person are fetched when they change. */
(function () {
  "use strict";

  const offers = document.getElementById("offers");
  const ABOUT_OFFERS = /^incident\.(offered|offer_withdrawn|accepted|declined|taken|lock_broken|given_back|released|closed)$/;

  function open() {
    const first = document.getElementById("breaking-first");
    if (first) first.click();
    return Boolean(first);
  }

  /* Beside the queue the case opens as its row there does; elsewhere the link leaves the page. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".breaking-row");
    const row = link && document.getElementById("row-" + link.dataset.id);
    if (!row || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    row.click();
  });

  async function askOffers() {
    try {
      const answer = await fetch(offers.dataset.url, { cache: "no-store", redirect: "error" });
      if (answer.ok) offers.innerHTML = await answer.text();
    } catch {
      // The line is down: the stream says so, and its return asks again.
    }
  }

  document.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!document.querySelector("dialog[open]") && open()) event.preventDefault();
  });
  document.addEventListener("lianjing:incident", ({ detail }) => {
    const mine = String(detail.offered_to || "") === document.body.dataset.me;
    if (ABOUT_OFFERS.test(detail.topic) && (mine || offers.childElementCount)) askOffers();
  });
  document.addEventListener("lianjing:reset", askOffers);
  window.lianjingBreaking = { open };
})();
