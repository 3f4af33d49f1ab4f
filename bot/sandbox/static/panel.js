// The folded-away panel: faults of the platform, tokens, and the last lines of the log.
import { call, toast } from "/static/chat.js";
import { element } from "/static/words.js";

const MATCHES = [["", "任何请求"], ["message/send", "发应用消息"], ["webhook/send", "发群消息"], ["message/update_template_card", "更新卡片"], ["gettoken", "取 access_token"], ["callback", "回调"]];
const VALUED = { slow: "5", errcode: "45009", callback_late: "5" };

export async function openPanel() {
  await draw();
  document.getElementById("panel").showModal();
}

async function tell(path, body, done) {
  try { await call(path, body); toast(done); } catch (error) { toast(error.message); }
  await draw();
}

async function draw() {
  const held = await call("faults");
  const last = (await call("state")).log;
  const lines = (await call("log?after=" + Math.max(0, last - 60))).lines;
  document.getElementById("tools").classList.toggle("on", held.rules.some((one) => one.times === 0 || one.used < one.times));
  document.getElementById("panel-body").replaceChildren(element("div", { class: "panel" }, form(held.known), rules(held.rules), tokens(), log(lines)));
}

function form(known) {
  const fault = element("select", { name: "fault" }, ...known.map((one) => element("option", { value: one.fault }, one.words)));
  const match = element("select", { name: "match" }, ...MATCHES.map(([value, words]) => element("option", { value }, words)));
  const value = element("input", { name: "value", inputmode: "numeric", size: 6, disabled: true });
  const times = element("input", { name: "times", inputmode: "numeric", value: "1", size: 4 });
  fault.addEventListener("change", () => { value.disabled = !(fault.value in VALUED); value.value = VALUED[fault.value] || ""; if (fault.value.startsWith("callback")) match.value = "callback"; });
  const submit = (event) => {
    event.preventDefault();
    const written = value.disabled ? fault.value : `${fault.value}:${value.value}`;
    tell("faults", { fault: written, match: match.value, times: Number(times.value) }, "已设置故障");
  };
  return element("form", { class: "add", onsubmit: submit }, element("label", {}, "出什么错", fault), element("label", {}, "哪些请求", match), element("label", {}, "秒数或错误码", value), element("label", {}, "几次 (0 = 一直)", times), element("button", { class: "send", type: "submit" }, "加上这个故障"));
}

function rules(all) {
  if (!all.length) return element("p", {}, element("small", {}, "现在没有故障。"));
  const rows = all.map((one) => element("li", {}, element("span", {}, `${one.explained} · ${one.match || "任何请求"}`), element("small", {}, `已用 ${one.used}/${one.times || "∞"}`)));
  return element("div", {}, element("ul", { class: "rules" }, ...rows), element("button", { type: "button", onclick: () => tell("faults", { rules: [] }, "故障已清除") }, "全部清除"));
}

function tokens() {
  return element("div", { class: "row" }, element("button", { type: "button", onclick: () => tell("token/revoke", {}, "access_token 已作废 (40014)") }, "作废 access_token"), element("button", { type: "button", onclick: () => tell("token/revoke", { expired: true }, "access_token 已过期 (42001)") }, "让 access_token 过期"));
}

function log(lines) {
  const rows = lines.slice().reverse().map((one) => {
    if (one.kind === "callback") return `${one.seq} 回调 ${one.type} ${one.userid} 第${one.try}次 HTTP ${one.http ?? "无"} ${one.error}`;
    if (one.kind !== "request") return `${one.seq} ${one.kind} ${one.text || ""}`;
    const seen = one.shown_to.length ? `→ ${one.shown_to.join(",")}` : one.drop ? `× ${one.drop}` : "";
    return `${one.seq} ${one.api} ${one.errcode} ${one.fault || ""} ${seen} ${(one.text || "").split("\n")[0].slice(0, 40)}`;
  });
  return element("div", {}, element("h3", {}, "最近的请求与回调"), element("div", { class: "lines", tabindex: "0" }, rows.join("\n") || "还没有"));
}
