"use strict";
// Without this script the page is the full list; with it the list can be narrowed.
(function () {
  var form = document.getElementById("filter");
  var words = document.getElementById("words");
  var found = document.getElementById("found");
  var none = document.getElementById("none");
  var rows = Array.prototype.map.call(document.getElementById("list").rows, function (row) {
    return { row: row, kind: row.getAttribute("data-kind"), text: row.textContent.toLowerCase() };
  });
  function narrow() {
    var kind = form.querySelector("input[name=kind]:checked").value;
    var asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    var shown = 0;
    rows.forEach(function (each) {
      var fits = (!kind || each.kind === kind) && asked.every(function (word) {
        return each.text.indexOf(word) >= 0;
      });
      each.row.hidden = !fits;
      if (fits) shown += 1;
    });
    found.textContent = shown + " 份";
    none.hidden = shown > 0;
  }
  form.hidden = false;
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("change", narrow);
  words.addEventListener("input", narrow);
  narrow();
})();
