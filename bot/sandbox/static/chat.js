// The chat page: who I am, my conversations, what is said in them, and the shared clock.
import { EXAMPLES, TEXTS } from "/static/examples.js";
import { openPanel } from "/static/panel.js";
import { ask, bubble } from "/static/render.js";
import { element } from "/static/words.js";

const $ = (id) => document.getElementById(id);
const state = { people: [], names: new Map(), viewer: "", place: "", places: [], messages: new Map(), version: 0, shift: 0, received: {}, entered: new Set(), turn: 0 };
const memory = { get: (key) => JSON.parse(sessionStorage.getItem(key) || "{}"), set: (key, value) => sessionStorage.setItem(key, JSON.stringify(value)) };
const wide = () => matchMedia("(min-width: 761px)").matches;

export async function call(path, body) {
  const answer = await fetch("/sandbox/" + path, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const held = await answer.json();
  if (!answer.ok) throw new Error(held.detail || `HTTP ${answer.status}`);
  return held;
}

export function toast(words) {
  const box = $("toast");
  box.textContent = words;
  box.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { box.hidden = true; }, 4500);
}

async function tried(work) {
  try { return await work(); } catch (error) { toast(error.message); return null; }
}

const hue = (key) => "hue-" + ([...key].reduce((sum, one) => (sum * 31 + one.codePointAt(0)) >>> 0, 7) % 8);
const mark = (name, key) => (key.startsWith("group:") || key.startsWith("chat:") ? "群" : name.length > 2 ? name.slice(-2) : name);
const face = (name, key) => element("span", { class: "face " + hue(key), "aria-hidden": "true" }, mark(name, key));
const badge = (count) => (count ? element("span", { class: "badge", "aria-label": `${count} 条未读` }, count > 99 ? "99+" : String(count)) : null);
const person = (userid) => state.people.find((one) => one.userid === userid);
const zone = { timeZone: "Asia/Shanghai", hour12: false };
const hour = (at) => new Date(at * 1000).toLocaleTimeString("zh-CN", { ...zone, hour: "2-digit", minute: "2-digit" });
const day = (at) => new Date(at * 1000).toLocaleDateString("zh-CN", { ...zone, month: "long", day: "numeric" });
const now = () => Date.now() / 1000 + state.shift;
const inPlace = (place) => [...state.messages.values()].filter((one) => one.place === place).sort((a, b) => a.number - b.number);
const titleOf = (place) => (state.places.find((one) => one.place === place) || {}).name || "";

function unread(place) {
  const read = (memory.get("read")[state.viewer] || {})[place] || 0;
  return inPlace(place).filter((one) => one.number > read && one.author !== state.viewer);
}

function markRead() {
  if (!state.place || (document.body.dataset.view === "list" && !wide())) return;
  const read = memory.get("read");
  const last = inPlace(state.place).at(-1);
  (read[state.viewer] ||= {})[state.place] = last ? last.number : 0;
  memory.set("read", read);
}

function drawWho() {
  const me = person(state.viewer);
  if (!me) return;
  $("who").replaceChildren(face(me.name, me.userid), element("span", { class: "who-words" }, element("b", {}, me.name), element("small", {}, [me.group, me.position].filter(Boolean).join(" "))), element("span", { class: "fold" }, "切换"));
  document.title = `${me.name} · ${titleOf(state.place) || "沙盒"}`;
}

function drawOthers() {
  const seen = memory.get("seen");
  const waiting = state.people.filter((one) => one.userid !== state.viewer && (state.received[one.userid] || 0) > (seen[one.userid] || 0));
  $("others").hidden = !waiting.length;
  $("others").replaceChildren("别人收到了新消息:", ...waiting.map((one) => element("button", { type: "button", onclick: () => become(one.userid, true) }, one.name, element("small", {}, one.group), badge(state.received[one.userid] - (seen[one.userid] || 0)))));
}

const named = (words) => words.replace(/<@([^<>@\s]{1,64})>/g, (_, one) => `@${state.names.get(one) || one}`);

function drawPlaces() {
  const rows = state.places.map((one) => {
    const said = inPlace(one.place);
    const last = said.at(-1);
    const fresh = unread(one.place);
    const called = fresh.some((message) => message.mentions.includes(state.viewer) || message.mentions.includes("@all"));
    const words = last ? (last.recalled ? "消息已被撤回" : named(last.text).split("\n").slice(0, 2).join(" ")) : "";
    const row = element("button", { type: "button", "aria-current": one.place === state.place ? "true" : "false", onclick: () => enter(one.place) },
      face(one.name, one.place), element("b", {}, one.name), last ? element("time", {}, hour(last.at)) : element("span"),
      element("span", { class: "last" }, called ? element("em", {}, "[有人@我] ") : null, words), badge(fresh.length));
    return { row, at: last ? last.number : 0, app: one.place.startsWith("app:") || one.place.startsWith("bot:") };
  });
  rows.sort((a, b) => b.app - a.app || b.at - a.at);
  $("places").replaceChildren(...rows.map(({ row }) => element("li", {}, row)));
}

function drawTalk(keep) {
  const place = state.places.find((one) => one.place === state.place);
  const box = $("messages");
  const low = box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  $("title").textContent = place ? place.name : "";
  const crowd = place ? place.members || [] : [];
  $("crowd").textContent = crowd.length ? `${crowd.length} 人: ${crowd.map((one) => state.names.get(one) || one).join("、")}` : `${place && place.place.startsWith("bot:") ? "智能机器人" : "应用"} · 只有你自己看得到`;
  const rows = [];
  let before = 0;
  for (const message of inPlace(state.place)) {
    if (Math.abs(message.at - before) > 300) rows.push(element("li", { class: "time" }, `${day(message.at)} ${hour(message.at)}`));
    before = message.at;
    rows.push(row(message, place));
  }
  if (!rows.length) rows.push(element("li", { class: "empty" }, !place || place.place.startsWith("group:") || place.place.startsWith("chat:") ? "群里还没有消息。" : "把网上的帖子发到这里, 或打字试试「帮助」。"));
  box.replaceChildren(...rows);
  if (low || !keep) box.scrollTop = box.scrollHeight;
  const app = Boolean(place) && place.place.startsWith("app:");
  const alone = Boolean(place) && place.place.startsWith("bot:");
  $("extras").hidden = !app && !alone;
  for (const one of $("extras").children) one.hidden = alone && one.dataset.alone === undefined;
  for (const one of document.querySelectorAll("[data-robot]")) one.hidden = !alone;
  $("unheard").hidden = app || alone || !place;
  const [robot] = (place && place.robots) || [];
  $("unheard-words").textContent = robot ? `「${robot}」只听得到写明 @${robot} 的话` : $("unheard-words").dataset.usual;
  $("to-app").hidden = Boolean(robot);
  $("to-robot").hidden = !robot;
  $("to-robot").textContent = `写上 @${robot}`;
  drawMenu(place);
}

function row(message, place) {
  const mine = message.author === state.viewer;
  const robot = ["app", "robot", "smart"].includes(message.author);
  const name = robot ? (message.author === "smart" ? "督办助手" : message.author === "robot" ? "督办机器人" : place.place.startsWith("app:") ? place.name : "督办") : state.names.get(message.author) || message.author;
  const group = /^(group|chat):/.test(message.place);
  const said = element("div", { class: "said" }, group && !mine ? element("div", { class: "name" }, name) : null,
    bubble(message, { names: state.names, viewer: state.viewer }), message.note ? element("div", { class: "note" }, message.note) : null);
  return element("li", { class: mine ? "mine" : "" }, robot && group ? face("督办", "robot") : face(name, robot ? message.place : message.author), said);
}

function drawMenu(place) {
  const buttons = ((place && place.menu) || {}).button || [];
  $("menu").hidden = !buttons.length;
  const press = (one) => tried(() => call("event", { userid: state.viewer, agentid: Number(place.place.slice(4)), event: one.type === "view" ? "view" : "click", key: one.key || one.url || "", wait: false })
    .then(() => { if (one.type === "view" && /^https?:/.test(one.url)) window.open(one.url, "_blank", "noopener"); }));
  $("menu").replaceChildren(...buttons.map((one) => (one.sub_button || []).length
    ? element("details", {}, element("summary", {}, one.name), element("div", {}, ...one.sub_button.map((sub) => element("button", { type: "button", onclick: (event) => { event.target.closest("details").open = false; press(sub); } }, sub.name))))
    : element("button", { type: "button", onclick: () => press(one) }, one.name)));
}

function draw(keep = true) {
  markRead();
  const seen = memory.get("seen");
  seen[state.viewer] = state.received[state.viewer] || 0;
  memory.set("seen", seen);
  drawWho();
  drawOthers();
  drawPlaces();
  drawTalk(keep);
}

function enter(place, quietly = false) {
  state.place = place;
  if (!quietly) document.body.dataset.view = "chat";
  remember();
  draw(false);
  if (wide()) $("words").focus();
  const key = state.viewer + place;
  if (!quietly && place.startsWith("bot:") && !state.entered.has(key)) {
    state.entered.add(key);
    call("event", { userid: state.viewer, botid: place.slice(4), event: "enter_chat" }).catch(() => {});
  }
  if (!quietly && place.startsWith("app:") && !state.entered.has(key)) {
    state.entered.add(key); // the platform reports a person opening an app
    call("event", { userid: state.viewer, agentid: Number(place.slice(4)), event: "enter_agent", wait: false }).catch(() => {});
  }
}

function remember() {
  const hash = "#" + new URLSearchParams({ me: state.viewer, ...(state.place ? { place: state.place } : {}) });
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

function become(userid, toNews = false) {
  document.cookie = `sandbox_playing=${encodeURIComponent(userid)}; path=/; SameSite=Lax`; // the client signs in without asking
  for (const one of document.querySelectorAll("dialog[open]")) one.close();
  Object.assign(state, { viewer: userid, version: 0, messages: new Map(), places: [], turn: state.turn + 1, toNews });
  remember();
  listen(state.turn);
}

async function listen(turn) {
  let first = true;
  while (turn === state.turn) {
    try {
      const query = new URLSearchParams({ viewer: state.viewer, after: state.version, wait: first ? 0 : 20 });
      const held = await call("messages?" + query);
      if (turn !== state.turn) return;
      state.shift = held.now - Date.now() / 1000;
      take(held, first);
      document.body.classList.remove("lost");
    } catch (error) {
      if (turn !== state.turn) return;
      toast("沙盒没有回答, 正在重试…");
      await new Promise((done) => setTimeout(done, 2000));
      state.version = 0;
      continue;
    }
    first = false;
    await new Promise((done) => setTimeout(done, 120));
  }
}

function take(held, first) {
  const changed = first || held.version !== state.version || JSON.stringify(held.places) !== JSON.stringify(state.places);
  Object.assign(state, { version: held.version, places: held.places, received: held.received });
  for (const message of held.messages) state.messages.set(message.number, message);
  if (first && state.toNews) { // somebody was chosen because of news: show where it is
    const last = held.messages.filter((one) => one.author !== state.viewer && !one.recalled).at(-1);
    if (last) state.place = last.place;
  }
  if (!state.places.some((one) => one.place === state.place)) state.place = (state.places[0] || {}).place || "";
  if (changed) draw(!first);
}

function openPeople() {
  const seen = memory.get("seen");
  const groups = Map.groupBy ? Map.groupBy(state.people, (one) => one.group || "其他") : state.people.reduce((map, one) => map.set(one.group || "其他", [...(map.get(one.group || "其他") || []), one]), new Map());
  const parts = [...groups].flatMap(([group, people]) => [element("h3", {}, group), element("ul", {}, ...people.filter((one) => !one.left).map((one) => element("li", {},
    element("button", { type: "button", "aria-current": one.userid === state.viewer ? "true" : "false", onclick: () => become(one.userid) }, face(one.name, one.userid), element("span", {}, one.name, element("small", {}, one.position || one.userid)),
      badge(one.userid === state.viewer ? 0 : Math.max(0, (state.received[one.userid] || 0) - (seen[one.userid] || 0)))))))]);
  $("people-list").replaceChildren(...parts);
  $("people").showModal();
}

const agentid = () => Number((state.place.startsWith("app:") ? state.place : "app:0").slice(4));

async function say(text) {
  const group = !state.place.startsWith("app:");
  await tried(() => call("say", { userid: state.viewer, text, wait: false, ...(group ? { place: state.place } : { agentid: agentid() }) }));
}

ask.press = (message, key, selected) => tried(async () => {
  const held = await call("press", { userid: state.viewer, msgid: message.msgid, key, selected });
  if (held.delivered === false) toast("应用没有收到这次点击 (回调失败)");
});

function fillExamples() {
  const put = (one) => { const form = $("link-form"); for (const name of ["title", "description", "url"]) form.elements[name].value = one[name]; form.querySelector("button").focus(); };
  const cards = EXAMPLES.map((one) => element("li", {}, element("button", { type: "button", onclick: () => put(one) }, element("b", {}, one.title), element("small", {}, one.url))));
  const texts = TEXTS.map((one) => element("li", {}, element("button", { type: "button", onclick: () => { $("link").close(); $("words").value = one; $("words").focus(); } }, element("b", {}, "粘贴文字"), element("small", {}, one))));
  $("examples").replaceChildren(...cards, ...texts);
}

function wire() {
  $("who").addEventListener("click", openPeople);
  $("back").addEventListener("click", () => { document.body.dataset.view = "list"; draw(); });
  $("to-robot").addEventListener("click", () => {
    const [robot] = state.places.find((one) => one.place === state.place).robots;
    if (!$("words").value.includes(`@${robot}`)) $("words").value = `@${robot} ${$("words").value}`;
    $("words").focus();
  });
  $("to-app").addEventListener("click", () => enter((state.places.find((one) => one.place.startsWith("app:")) || {}).place || state.place));
  $("forward").addEventListener("click", () => $("link").showModal());
  $("tools").addEventListener("click", () => openPanel());
  for (const one of document.querySelectorAll("[data-close]")) one.addEventListener("click", () => one.closest("dialog").close());
  for (const one of document.querySelectorAll("dialog")) one.addEventListener("click", (event) => { if (event.target === one) one.close(); });
  for (const one of document.querySelectorAll("[data-jump]")) one.addEventListener("click", () => jump(one.dataset.jump));
  for (const one of document.querySelectorAll("[data-send]")) one.addEventListener("click", () => tried(() => call("say", { userid: state.viewer, ...(state.place.startsWith("bot:") ? { place: state.place } : { agentid: agentid() }), msgtype: one.dataset.send, wait: false })));
  $("composer").addEventListener("submit", (event) => { event.preventDefault(); const words = $("words").value; if (!words.trim()) return; $("words").value = ""; say(words); });
  $("words").addEventListener("keydown", (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); $("composer").requestSubmit(); } });
  $("link-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const held = Object.fromEntries(new FormData(event.target));
    tried(() => call("forward", { userid: state.viewer, agentid: agentid(), wait: false, ...held })).then((done) => { if (done) { $("link").close(); event.target.reset(); } });
  });
  setInterval(() => { $("now").replaceChildren(element("span", {}, day(now())), element("span", {}, new Date(now() * 1000).toLocaleTimeString("zh-CN", zone))); }, 500);
}

async function jump(by) {
  const held = await tried(() => call("clock", by === "next" ? { to: "next" } : { advance_seconds: Number(by) }));
  if (!held) return;
  state.shift = held.now - Date.now() / 1000;
  toast(`现在是 ${day(held.now)} ${hour(held.now)}`);
}

async function begin() {
  wire();
  fillExamples();
  const held = await call("state");
  if (sessionStorage.getItem("run") !== held.run) { sessionStorage.clear(); sessionStorage.setItem("run", held.run); }
  state.people = held.members;
  state.names = new Map(held.members.map((one) => [one.userid, one.name]));
  state.shift = held.clock.now - Date.now() / 1000;
  document.querySelector('[data-jump="next"]').hidden = !held.next_moment;
  const asked = new URLSearchParams(location.hash.slice(1));
  state.place = asked.get("place") || "";
  if (state.place) document.body.dataset.view = "chat";
  become(person(asked.get("me") || "") ? asked.get("me") : held.members[0].userid);
}

tried(begin);
