"use strict";
// Without this script a table is a plain table; with it each head has a button that sorts.
(function () {
  function key(cell) {
    if (cell.hasAttribute("data-v")) return Number(cell.getAttribute("data-v"));
    var last = cell.lastChild;
    return last ? last.textContent : "";
  }
  function compare(a, b) {
    if (typeof a === "number" && typeof b === "number") return a - b;
    return String(a).localeCompare(String(b), "zh-CN", { numeric: true });
  }
  function sort(table, column, down) {
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    var moving = rows.filter(function (row) { return !row.classList.contains("total"); });
    var fixed = rows.filter(function (row) { return row.classList.contains("total"); });
    function missing(row) {
      var cell = row.cells[column];
      return cell.classList.contains("n") && !cell.hasAttribute("data-v") ? 1 : 0;
    }
    moving.sort(function (a, b) {
      var gap = missing(a) - missing(b);
      if (gap) return gap;
      var order = compare(key(a.cells[column]), key(b.cells[column]));
      return down ? -order : order;
    });
    moving.concat(fixed).forEach(function (row) { body.appendChild(row); });
  }
  Array.prototype.forEach.call(document.querySelectorAll("table.sortable"), function (table) {
    var heads = Array.prototype.slice.call(table.tHead.rows[0].cells);
    heads.forEach(function (head, column) {
      var button = document.createElement("button");
      button.type = "button";
      // Beside the text and spread over the head by the style: a text inside a button is missing
      // from the heads that a browser repeats on paper.
      button.setAttribute("aria-label", head.textContent + "：排序");
      head.insertBefore(button, head.querySelector(".unit"));
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () {
        var now = head.getAttribute("aria-sort");
        var down = now === "none" ? head.classList.contains("n") : now === "ascending";
        heads.forEach(function (each) { each.setAttribute("aria-sort", "none"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        sort(table, column, down);
      });
    });
  });
})();
