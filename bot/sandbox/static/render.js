// One message as its bubble or card.
import { described, element, link, markdown, mention, plain } from "/static/words.js";

export const ask = {}; // what a press does; chat.js fills it in

const KINDS = { image: "图片", voice: "语音", video: "视频", file: "文件", location: "位置" };
const web = (address) => /^https?:\/\//i.test(address || "");
const list = (value) => (Array.isArray(value) ? value : []);

export function bubble(message, context) {
  if (message.recalled) return element("div", { class: "bubble recalled" }, "消息已被撤回");
  const own = !["app", "robot", "smart"].includes(message.author);
  const part = message.part || {};
  if (message.msgtype === "link") return linkCard(part);
  if (message.msgtype === "template_card") return card(message, context);
  if (message.msgtype === "textcard") return textCard(part);
  if (message.msgtype === "news" || message.msgtype === "mpnews") return news(part);
  if (message.msgtype in KINDS) return attachment(message, part);
  const words = String((own ? part.text : part.content) ?? message.text);
  const group = message.place.startsWith("group:") || message.place.startsWith("chat:");
  const { names, viewer } = context;
  if (message.msgtype.startsWith("markdown")) return element("div", { class: "bubble markdown" }, ...markdown(words, names, viewer, group));
  const written = own ? [] : list(part.mentioned_list).filter((one) => typeof one === "string");
  const called = written.flatMap((one) => [" ", mention(one.replace(/^@/, ""), names, viewer)]);
  return element("div", { class: "bubble" }, ...plain(words, names, viewer, group && !own), ...called);
}

function attachment(message, part) {
  if (part.base64) return element("img", { class: "picture", alt: "图片", src: "data:image/png;base64," + part.base64 });
  const kind = KINDS[message.msgtype];
  if (message.msgtype === "image" && part.media_id) return element("img", { class: "picture", alt: "图片", src: "/sandbox/media/" + encodeURIComponent(part.media_id) });
  if (part.media_id && part.name) {
    return element("div", { class: "box" }, element("div", { class: "inside" }, element("div", { class: "head" }, part.name), element("div", { class: "desc" }, `${kind} · ${Math.ceil((part.size || 0) / 1024)} KB`)),
      element("a", { class: "open", href: "/sandbox/media/" + encodeURIComponent(part.media_id), download: part.name }, "下载"));
  }
  const signs = { image: "[图片] 现场照片 (示例)", voice: "[语音] 3 秒 (示例)", video: "[视频] 示例", location: "[位置] " + (part.label || "云溪市人民广场") };
  return element("div", { class: "bubble" }, signs[message.msgtype] || `[${kind}]`);
}

function linkCard(part) {
  return element("div", { class: "box" }, element("div", { class: "inside" }, element("div", { class: "head" }, part.title || "链接"),
    part.description ? element("div", { class: "desc" }, part.description) : null, element("div", { class: "address" }, link(part.url || "", part.url || ""))));
}

function textCard(part) {
  const inside = element("div", { class: "inside" }, element("div", { class: "head" }, part.title || ""), element("div", { class: "desc" }, ...described(part.description || "")));
  return element("div", { class: "box" }, inside, opener(part.url, part.btntxt || "详情"));
}

function news(part) {
  return element("div", { class: "box" }, ...list(part.articles).map((one) =>
    element("div", { class: "inside" }, element("div", { class: "head" }, web(one.url) ? link(one.url, one.title || "") : one.title || ""), element("div", { class: "desc" }, one.description || one.digest || ""))));
}

function opener(address, words) {
  if (!web(address)) return null;
  return element("a", { class: "open", href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

function card(message, context) {
  const held = message.part;
  const title = held.main_title || {};
  const emphasis = held.emphasis_content;
  const inside = element("div", { class: "inside" },
    source(message, held),
    title.title ? element("div", { class: "head" }, title.title) : null,
    title.desc ? element("div", { class: "desc" }, title.desc) : null,
    emphasis ? element("div", {}, element("div", { class: "emphasis" }, emphasis.title || ""), element("div", { class: "desc" }, emphasis.desc || "")) : null,
    quote(held.quote_area),
    held.sub_title_text ? element("div", { class: "desc" }, held.sub_title_text) : null,
    ...list(held.vertical_content_list).map((one) => element("div", {}, element("strong", {}, one.title || ""), element("div", { class: "desc" }, one.desc || ""))),
    contents(held, context));
  const form = element("form", { class: "box", onsubmit: (event) => event.preventDefault() }, inside);
  form.append(...choices(held, inside), ...list(held.jump_list).map((one) => opener(one.url, one.title || "")).filter(Boolean));
  const keys = buttons(message, held, form);
  if (keys) form.append(keys);
  const whole = held.card_action && opener(held.card_action.url, "查看详情");
  if (whole) form.append(whole);
  return form;
}

function source(message, held) {
  const words = (held.source || {}).desc;
  const menu = list((held.action_menu || {}).action_list);
  if (!words && !menu.length) return null;
  const more = menu.length ? element("details", { class: "more" }, element("summary", { title: held.action_menu.desc || "更多" }, "⋯"),
    element("div", {}, ...menu.map((one) => element("button", { type: "button", onclick: () => ask.press(message, one.key, {}) }, one.text)))) : null;
  return element("div", { class: "source" }, element("span", { class: "c" + ((held.source || {}).desc_color || 0) }, words || ""), more);
}

function quote(area) {
  if (!area) return null;
  return element("div", { class: "quote" }, area.title ? element("strong", {}, area.title, "\n") : null, area.quote_text || "");
}

function contents(held, { names }) {
  const rows = list(held.horizontal_content_list);
  if (!rows.length) return null;
  return element("dl", {}, ...rows.flatMap((one) => [element("dt", {}, one.keyname || ""),
    element("dd", {}, one.type === 1 && web(one.url) ? link(one.url, one.value || one.url) : one.type === 3 ? names.get(String(one.userid).toLowerCase()) || one.value || "" : one.value || "")]));
}

function choices(held, inside) {
  const selections = [held.button_selection, ...list(held.select_list)].filter(Boolean);
  for (const one of selections) {
    const options = list(one.option_list).map((option) => element("option", { value: option.id, selected: option.id === one.selected_id }, option.text));
    inside.append(element("fieldset", {}, element("label", {}, one.title || "", element("select", { name: one.question_key, disabled: one.disable || Boolean(held.replace_text) }, ...options))));
  }
  const box = held.checkbox;
  if (box) {
    const kind = box.mode === 1 ? "checkbox" : "radio";
    inside.append(element("fieldset", {}, ...list(box.option_list).map((option) =>
      element("label", {}, element("input", { type: kind, name: box.question_key, value: option.id, checked: option.is_checked, disabled: box.disable }), " ", option.text))));
  }
  return [];
}

function buttons(message, held, form) {
  const all = [...list(held.button_list), ...(held.submit_button ? [{ ...held.submit_button, style: 1 }] : [])];
  if (held.replace_text) return element("div", { class: "keys" }, element("span", { class: "done" }, held.replace_text));
  if (!all.length) return null;
  return element("div", { class: "keys" }, ...all.map((one, index) => {
    const style = "s" + (one.style || (index === 0 ? 1 : 2));
    if (one.type === 1 && web(one.url)) return element("button", { type: "button", class: style, onclick: () => window.open(one.url, "_blank", "noopener") }, one.text);
    return element("button", { type: "button", class: style, onclick: (event) => pressed(event.target, message, one.key, form) }, one.text);
  }));
}

async function pressed(button, message, key, form) {
  const selected = {};
  for (const [name, value] of new FormData(form)) (selected[name] ||= []).push(String(value));
  button.disabled = true;
  await ask.press(message, key, selected);
  button.disabled = false;
}
