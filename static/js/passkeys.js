/* Passkeys: ties the buttons of a page to allauth's own script, which asks the device. Without it the other ways in
   stand as they do. [data-passkey] names what is done: "add", "authenticate" or "login". */
(function () {
  "use strict";

  if (!window.PublicKeyCredential || !window.allauth) return;

  document.querySelectorAll("[data-passkey]").forEach(function (button) {
    var doing = button.dataset.passkey;
    var ids = { credential: button.dataset.credential, passwordless: button.dataset.alone, data: "passkey-data" };
    ids[doing] = button.id;
    window.allauth.webauthn.forms[doing + "Form"]({ ids: ids });
  });
  document.querySelectorAll("[data-with-passkeys]").forEach(function (part) { part.hidden = false; });
  document.querySelectorAll("[data-without-passkeys]").forEach(function (part) { part.hidden = true; });

  /* The device said no, was too slow, or has no such key. */
  document.addEventListener("allauth.error", function (event) {
    event.preventDefault();
    var part = document.querySelector("[data-passkey-error]");
    part.hidden = false;
    part.focus();
  });
}());
