// A leader's word to somebody of the team: another state, a message, "I am coming"; or to the team.
// The server is asked, which knows whom he leads; the live view shows what came of it.

import { say } from "../ui/format.js";
import { badge, tick, write } from "../ui/live.js";
import { said, toast } from "../ui/page.js";

const HIDDEN_FOR_TEAM = ["leading-away", "leading-person", "leading-push", "leading-since"];
const $ = (id) => document.getElementById(id);
const IN_HAND = ["ringing", "talking", "writing", "held", "wrap_up", "busy", "reserved"];
const AWAY = ["away", "missed"];

export class Leading {
  constructor(dialog) {
    this.dialog = dialog;
    this.token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
    this.place = "";
    $("leading-away").addEventListener("submit", (event) => {
      event.preventDefault();
      this.close(this.ask({ do: "away", reason: $("leading-reason").value }));
    });
    $("leading-ready").addEventListener("click", () => this.close(this.ask({ do: "ready" })));
    $("leading-message").addEventListener("submit", (event) => {
      event.preventDefault();
      this.close(this.ask({ do: "message", text: $("leading-text").value }));
    });
    $("write-team").addEventListener("click", () => this.openTeam());
  }

  open(key, row) {
    this.place = `/floor/people/${encodeURIComponent(key)}`;
    write($("leading-name"), row.name);
    badge($("leading-state"), said.states[row.state] ?? said.states.away);
    const isHere = row.state !== "signed_out";
    $("leading-since").hidden = !isHere;
    $("leading-since").dataset.since = row.since;
    $("leading-away").hidden = !isHere;
    $("leading-ready").hidden = !(AWAY.includes(row.state) || row.reason);
    write($("leading-hint"), IN_HAND.includes(row.state) ? said.after_work : "");
    $("leading-person").hidden = false;
    $("leading-person").href = `/people/${encodeURIComponent(key)}`;
    $("leading-push").href = `/floor/people/${encodeURIComponent(key)}/push`;
    this.show();
  }

  // The team that is looked at; a leader with one team has no other.
  ofTeam(key, name) {
    this.team = key || this.dialog.dataset.team || "";
    this.teamName = key ? name : "";
    $("write-team").hidden = !this.team;
  }

  openTeam() {
    this.place = `/floor/teams/${encodeURIComponent(this.team)}`;
    const title = this.teamName ? say(said.team_message, { name: this.teamName }) : said.whole_team;
    write($("leading-name"), title);
    for (const id of HIDDEN_FOR_TEAM) $(id).hidden = true;
    $("leading-state").hidden = true;
    this.show();
  }

  show() {
    tick();
    this.dialog.showModal();
  }

  come(key) {
    this.place = `/floor/people/${encodeURIComponent(key)}`;
    this.ask({ do: "come" });
  }

  // What was written stays until it has arrived.
  async close(asked) {
    if (!(await asked)) return;
    $("leading-text").value = "";
    this.dialog.close();
  }

  async ask(fields) {
    const headers = { accept: "application/json", "x-csrftoken": this.token };
    const body = new URLSearchParams(fields);
    const answer = await fetch(this.place, { method: "POST", headers, body }).catch(() => null);
    const told = await answer?.json().catch(() => null);
    toast(told?.said ?? told?.message ?? said.line_lost, answer?.ok ? "good" : "warn");
    return Boolean(answer?.ok);
  }
}
