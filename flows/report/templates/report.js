"use strict";
// Without this script all pairs stand below each other; with it one is shown at a time. Nothing is
// ever written as markup.
(() => {
  const pairs = Array.from(document.querySelectorAll(".pair"));
  const picker = document.getElementById("picker");
  if (picker && pairs.length > 1) {
    const select = document.getElementById("pair");
    const before = document.getElementById("before");
    const next = document.getElementById("next");
    const says = document.getElementById("pair-says");
    const show = (number) => {
      pairs.forEach((pair, place) => { pair.hidden = place !== number; });
      select.selectedIndex = number;
      before.disabled = number === 0;
      next.disabled = number === pairs.length - 1;
      says.textContent = `Pair ${number + 1} of ${pairs.length} is shown.`;
    };
    const follow = () => {
      const target = location.hash && document.getElementById(location.hash.slice(1));
      const place = target ? pairs.findIndex((pair) => pair.contains(target)) : -1;
      if (place >= 0) {
        show(place);
        target.scrollIntoView();
      }
    };
    select.addEventListener("change", () => show(select.selectedIndex));
    before.addEventListener("click", () => show(select.selectedIndex - 1));
    next.addEventListener("click", () => show(select.selectedIndex + 1));
    addEventListener("hashchange", follow);
    picker.hidden = false;
    document.getElementById("pair-list").hidden = true;
    document.getElementById("chosen").hidden = false;
    show(0);
    follow();
  }
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    closed.forEach((each) => { each.open = true; });
  });
  addEventListener("afterprint", () => {
    closed.forEach((each) => { each.open = false; });
  });
})();
