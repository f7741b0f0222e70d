// Asks before something is done that the app wants to have confirmed.

/** Whether the person wants it; true at once for what isn't to be confirmed. */
export async function agreed(element) {
  if (!("confirm" in element.dataset)) return true;
  const question = JSON.parse(element.dataset.confirm);
  const dialog = document.querySelector("#confirm");
  const [title, text] = dialog.querySelectorAll("h2, p");
  const [deny, confirm] = dialog.querySelectorAll("button");
  for (const [place, words] of [
    [title, question.title],
    [text, question.text],
    [deny, question.deny],
    [confirm, question.confirm],
  ]) {
    place.textContent = words.text;
  }
  confirm.classList.toggle("is-danger", question.style === "danger");
  dialog.returnValue = "";
  dialog.showModal();
  deny.onclick = () => dialog.close();
  confirm.onclick = () => dialog.close("confirmed");
  await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  return dialog.returnValue === "confirmed";
}
