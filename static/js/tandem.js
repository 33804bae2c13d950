/* What the pages do in the browser. Every page works without it; no framework, nothing inline. */
(function () {
  "use strict";

  function each(selector, act) { document.querySelectorAll(selector).forEach(act); }

  /* Menus (details.t-menu): Escape, a click elsewhere and another menu close one. */
  function openMenus() { return document.querySelectorAll("details.t-menu[open]"); }

  function watchMenus() {
    document.addEventListener("click", function (event) {
      openMenus().forEach(function (menu) { if (!menu.contains(event.target)) menu.open = false; });
    });
    document.addEventListener("keydown", function (event) {
      if (event.key !== "Escape") return;
      openMenus().forEach(function (menu) {
        var inside = menu.contains(document.activeElement);
        menu.open = false;
        if (inside) menu.querySelector("summary").focus();
      });
    });
  }

  /* A number as the server reads it: spaces and, in English, commas stand between thousands. */
  function typedNumber(text) {
    var plain = text.replace(/\s/g, "");
    if (document.documentElement.lang.slice(0, 2) !== "fr" && /^[1-9]\d{0,2}(,\d{3})+(\.\d*)?$/.test(plain)) plain = plain.replace(/,/g, "");
    return Number(plain.replace(",", ".")) || 0;
  }

  /* Steppers: [data-step] adds to the number field named in data-for, within its data-min and data-max. */
  function step(button) {
    var field = document.getElementById(button.dataset.for);
    var size = Number(field.dataset.step || 1);
    var least = field.dataset.min === undefined ? 0 : Number(field.dataset.min);
    var most = field.dataset.max === undefined ? Infinity : Number(field.dataset.max);
    field.value = Math.min(most, Math.max(least, typedNumber(field.value) + Number(button.dataset.step) * size));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /* How often a thing takes place says in what it is counted: months, semesters, and weeks again where this rule had
     chosen. A unit chosen by hand that fits stays. Heard first, so that the sentence is read back with the unit. */
  var COUNTED_IN = { monthly: "months", each_semester: "semesters" };

  function watchFrequency() {
    document.addEventListener("change", function (event) {
      var form = event.target.form, name = event.target.name, value = event.target.value;
      if (form && name === "times_unit") delete form.dataset.unitFollows;
      if (!form || name !== "frequency") return;
      var follows = form.dataset.unitFollows, unit = COUNTED_IN[value] || (follows ? "weeks" : "");
      var now = form.querySelector("[name=times_unit]:checked"), next = form.querySelector("[name=times_unit][value=" + (unit || "none") + "]");
      if (!next || next === now || (value === "monthly" && !follows && now && now.value === "semesters")) return;
      next.checked = true;
      form.dataset.unitFollows = "1";
    }, true);
  }

  function watchClicks() {
    document.addEventListener("click", function (event) {
      var button = event.target.closest("[data-step][data-for]");
      if (button) step(button);
      if (event.target.closest("[data-print]")) window.print();
    });
  }

  /* A second click on a form that is on its way does nothing. The buttons come back after a while, because a form
     that answers with a file leaves the page as it is, and when the page comes back from the browser's cache. */
  var REST = 6000;

  function rest(form) {
    form.dataset.sent = "1";
    setTimeout(function () { delete form.dataset.sent; }, REST);
  }

  function watchForms() {
    document.addEventListener("submit", function (event) {
      var form = event.target;
      if (event.defaultPrevented) return;
      if (form.dataset.sent) event.preventDefault();
      else rest(form);
    });
    window.addEventListener("pageshow", function () {
      each("form[data-sent]", function (form) { delete form.dataset.sent; });
    });
  }

  /* Word counters: a field with data-words says beside it how many of so many words it holds, once typing rests.
     data-besides are words that stand on the page already; data-fits and data-over are the sentences. */
  function watchWords(field) {
    var most = Number(field.dataset.words), besides = Number(field.dataset.besides || 0), waits;
    var line = document.createElement("p");
    line.className = "t-small t-muted num";
    line.setAttribute("aria-live", "polite");
    field.insertAdjacentElement("afterend", line);
    field.removeAttribute("data-words");

    function count() {
      var n = besides + (field.value.match(/\S+/g) || []).length;
      var words = n > most ? field.dataset.over : field.dataset.fits;
      line.classList.toggle("t-over", n > most);
      line.textContent = words.replace("{n}", n).replace("{most}", most);
    }
    count();
    field.addEventListener("input", function () {
      clearTimeout(waits);
      waits = setTimeout(count, 400);
    });
  }

  function prepare(root) {
    root.querySelectorAll("[data-words]").forEach(watchWords);
    root.querySelectorAll("[data-step][data-for][hidden],[data-print][hidden]").forEach(function (button) { button.hidden = false; });
  }

  document.addEventListener("DOMContentLoaded", function () {
    prepare(document);
    watchMenus();
    watchClicks();
    watchFrequency();
    watchForms();
    var errors = document.querySelector(".t-errors[role=alert]:not(.t-guide *)"); /* the style guide only shows one */
    if (errors) errors.focus();
    document.addEventListener("htmx:load", function (event) { prepare(event.target); });
  });
})();
