// Keeps the duty board alive: takes in changed rows, turns the pages of the wall. The page works without it.
"use strict";
(() => {
  const rows = () => document.getElementById("rows");
  let stream = null;
  const made = (html) => {
    const holder = document.createElement("template");
    holder.innerHTML = html; // drawn and escaped by the server; no script in it runs (CSP)
    return holder.content;
  };
  const put = (id, html) => {
    const place = document.getElementById(id);
    if (place && place.innerHTML.trim() !== html.trim()) place.replaceChildren(made(html));
  };
  // Only what differs is touched, so that nothing jumps and the focus stays where it is.
  const replaceRow = (old, fresh) => {
    if (old.dataset.sign === fresh.dataset.sign) return old;
    old.replaceWith(fresh);
    return fresh;
  };
  const take = (told) => {
    const list = rows(), kept = new Map();
    const held = document.activeElement?.closest(".row")?.id;
    for (const row of list.querySelectorAll(".row")) kept.set(row.id, row);
    let before = null;
    for (const number of told.order) {
      const id = `row-${number}`;
      let row = kept.get(id);
      kept.delete(id);
      if (told.rows[number]) {
        const fresh = made(told.rows[number]).querySelector(".row");
        if (!row || row.dataset.sign !== fresh.dataset.sign) fresh.classList.add("fresh");
        row = row ? replaceRow(row, fresh) : fresh;
      }
      if (!row) continue;
      const next = before ? before.nextElementSibling : list.firstElementChild;
      if (next !== row) list.insertBefore(row, next);
      before = row;
    }
    for (const gone of kept.values()) gone.remove();
    // A row that was moved or replaced has lost the focus.
    if (held && !document.activeElement?.closest(".row"))
      document.getElementById(held)?.querySelector("a")?.focus({ preventScroll: true });
    document.getElementById("none").hidden = told.order.length > 0;
    put("head", told.head);
    put("pages", told.foot);
    put("strip", told.strip);
    const main = document.getElementById("main");
    if (main.dataset.turn) main.dataset.turn = `/board?${told.turn}`;
  };
  const follow = () => {
    if (stream) stream.close();
    const list = rows();
    stream = new EventSource(`${list.dataset.events}&have=${list.dataset.have}`);
    stream.addEventListener("open", () => { list.dataset.open = "yes"; });
    stream.addEventListener("message", (event) => take(JSON.parse(event.data)));
    stream.addEventListener("gone", () => { stream.close(); location.reload(); });
  };
  // Without a stream (too many, or the service is down) the page is fetched anew now and then.
  const fetched = async (address) => {
    try {
      const answer = await fetch(address);
      if (answer.redirected) location.reload(); // signed out: to the sign-in page
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = fresh.getElementById("main");
      if (!main || !fresh.getElementById("rows")) return;
      document.getElementById("main").replaceWith(document.adoptNode(main));
      follow();
    } catch { /* the service does not answer: what is shown stays, the countdowns go on */ }
  };
  follow();
  setInterval(() => {
    const turn = document.getElementById("main").dataset.turn;
    if (turn) fetched(turn);
    else if (stream.readyState === EventSource.CLOSED) fetched(location.href);
  }, 15000);
  addEventListener("pagehide", () => stream.close());
  addEventListener("pageshow", (event) => { if (event.persisted) follow(); });
})();
