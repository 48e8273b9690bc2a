// The dialogs of the preview: a shadow tree keeps the site's theme and the dialog's own style apart.

const client = new URL("./", import.meta.url);

/** A host element with an open shadow tree that holds a dialog with a title, a close button and `content`. */
export function panel(hostName, title, content) {
  const host = element(hostName);
  const root = host.attachShadow({ mode: "open" });
  const style = element("link");
  style.rel = "stylesheet";
  style.href = new URL("overlay.css", client);

  const dialog = element("dialog");
  dialog.lang = "en";
  dialog.setAttribute("aria-labelledby", "title");
  const heading = element("h1", "title", title);
  heading.id = "title";
  const close = element("button", "close", "Close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  const head = element("header");
  head.append(heading, close);
  dialog.append(head, ...content);
  root.append(style, dialog);
  return host;
}

/** Add the host to the page and open its dialog once its style has arrived, unless `isStale` by then. */
export async function open(host, isStale = () => false) {
  document.documentElement.append(host);
  const dialog = host.shadowRoot.querySelector("dialog");
  await styled(host.shadowRoot.querySelector("link"));
  if (!isStale() && !dialog.open) dialog.showModal();
  return dialog;
}

function styled(link) {
  if (link.sheet) return Promise.resolve();
  return new Promise((resolve) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", resolve);
  });
}

/** `path:line:column`, a link where the server knows the author's editor. */
export function place(message) {
  const text = [message.path, message.line, message.column].filter((part) => part).join(":");
  if (!message.editor) return element("code", "place", text);
  const link = element("a", "place", text);
  link.href = message.editor;
  link.title = "open in the editor";
  return link;
}

/** An element with text; all text is set as text, so nothing in it can become markup. */
export function element(name, className = "", text = "") {
  const created = document.createElement(name);
  if (className) created.className = className;
  if (text) created.textContent = text;
  return created;
}
