/* 收件登记: shows what the law makes of the dates, and likely duplicates, while the clerk types. The form works without. */
(function () {
    "use strict";
    var form = document.getElementById("intake");
    if (!form) return;
    var days = JSON.parse(document.getElementById("intake-days").textContent);
    var confirmed = form.dataset.confirmed.split(" ");
    var one = function (selector, root) { return (root || document).querySelector(selector); };
    var field = function (name) { return one('[data-field="' + name + '"]', form); };
    var show = function (node, on) { if (node) node.hidden = !on; };
    var text = function (node, words) { node.textContent = words || ""; show(node, Boolean(words)); };

    function adapt() {
        var checked = one('input[name="channel"]:checked', form);
        var channel = checked ? checked.value : "";
        var label = one("label", field("happened_on")).firstChild;
        if (days[channel]) label.nodeValue = days[channel];
        var asks = confirmed.indexOf(channel) >= 0;
        show(field("confirmed_on"), asks);
        show(field("evidence"), asks);
        var mail = channel === "signed_mail" || channel === "ordinary_mail";
        ["postmark", "mail_number", "sender"].forEach(function (name) { show(field(name), mail); });
    }

    function people(list) {
        var select = form.elements.handler, chosen = select.value;
        while (select.options.length > 1) select.remove(1);
        list.forEach(function (pair) { select.add(new Option(pair[1], pair[0], false, pair[0] === chosen)); });
    }

    function duplicates(list) {
        var card = document.getElementById("intake-same"), ul = one("[data-list]", card), serious = false;
        ul.replaceChildren();
        list.forEach(function (found) {
            var li = document.createElement("li"), a = document.createElement("a"), why = document.createElement("span");
            a.href = found.url; a.target = "_blank"; a.rel = "noopener"; a.textContent = found.label;
            why.className = "gk-sub"; why.textContent = found.why;
            if (found.serious) { li.className = "gk-same--serious"; serious = true; }
            li.append(a, "　" + found.who, why);
            ul.append(li);
        });
        card.classList.toggle("gk-card--warn", serious);
        show(one("[data-none]", card), !list.length);
        show(one("[data-checked]", card), serious);
    }

    function notes(list) {
        var card = document.getElementById("intake-notes"), ul = one("[data-list]", card);
        ul.replaceChildren();
        list.forEach(function (words) { var li = document.createElement("li"); li.textContent = words; ul.append(li); });
        show(card, list.length > 0);
    }

    var turn = 0, timer = null;
    function ask() {
        var mine = ++turn, data = new FormData(form);
        ["scan", "identity_scan", "authority_scan"].forEach(function (name) { data.delete(name); });
        fetch(form.dataset.preview, { method: "POST", body: data, credentials: "same-origin" })
            .then(function (answer) { return answer.ok ? answer.json() : null; })
            .then(function (answer) {
                if (!answer || mine !== turn) return;
                var card = document.getElementById("intake-dates");
                text(one("[data-received]", card), answer.received ? "收到申请之日 " + answer.received : "");
                text(one("[data-reason]", card), answer.problem || answer.reason);
                text(one("[data-due]", card), answer.due);
                show(one("[data-empty]", card), !(answer.reason || answer.problem));
                people(answer.people || []);
                duplicates(answer.duplicates || []);
                notes(answer.warnings || []);
            })
            .catch(function () { /* offline: the answer comes with the submit */ });
    }
    function later() { clearTimeout(timer); timer = setTimeout(ask, 350); }

    form.addEventListener("change", function () { adapt(); later(); });
    form.addEventListener("input", later);
    form.addEventListener("keydown", function (event) {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); form.requestSubmit(); }
    });
    adapt();
    ask();
    var errors = document.getElementById("intake-errors"), bad = one(".gk-f--bad input, .gk-f--bad select, .gk-f--bad textarea", form);
    if (errors && bad) bad.focus(); else if (!errors) { var first = one('input[name="channel"]:checked', form); if (first) first.focus(); }
})();
