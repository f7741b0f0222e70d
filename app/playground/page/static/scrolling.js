// Columns of messages stay at their newest message as long as one looks at it.

import { afterChanges } from "./live.js";

const NEAR = 40;

/** Makes every log keep to its end, and offers the way there when one has left it. */
export function keepAtEnd() {
  for (const log of document.querySelectorAll('[role="log"]')) follow(log);
}

function follow(log) {
  const button = document.querySelector(`[data-shows-end="${log.dataset.region}"]`);
  let isAtEnd = true;
  let place = "";
  let oldest = "";
  let newest = "";
  let toGo = 0;

  const toEnd = () => {
    log.scrollTop = log.scrollHeight;
    button.hidden = true;
  };
  const keep = () => isAtEnd && toEnd();

  log.addEventListener("scroll", () => {
    toGo = log.scrollHeight - log.scrollTop;
    isAtEnd = toGo - log.clientHeight < NEAR;
    if (isAtEnd) button.hidden = true;
  });
  log.addEventListener("load", keep, true);
  new ResizeObserver(keep).observe(log);
  button.addEventListener("click", () => {
    isAtEnd = true;
    toEnd();
  });

  afterChanges((regions) => {
    if (!regions.includes(log.dataset.region)) return;
    const first = log.firstElementChild?.id ?? "";
    const last = log.lastElementChild?.id ?? "";
    if (place !== placeOf(log)) {
      place = placeOf(log);
      isAtEnd = !toLinked(log);
    } else if (!isAtEnd) {
      if (last !== newest) button.hidden = false;
      else if (first !== oldest) log.scrollTop = log.scrollHeight - toGo;
    }
    [oldest, newest] = [first, last];
    keep();
  });
}

/** Shows the message that the address names, if it is here. */
function toLinked(log) {
  const linked = location.hash && document.getElementById(location.hash.slice(1));
  if (!linked || !log.contains(linked)) return false;
  linked.scrollIntoView({ block: "center" });
  linked.classList.add("is-linked");
  return true;
}

/** What a log shows. Another channel or thread, or another person's view of it, starts at its end. */
function placeOf(log) {
  const head = document.querySelector(log.dataset.region === "thread" ? "#thread-head" : "#head");
  return head?.dataset.place ?? "";
}
