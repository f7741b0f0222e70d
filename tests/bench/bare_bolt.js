// The second baseline: a Bolt for JavaScript app that only acknowledges, with the same settings
// as the bot. `/kpi ship` opens the smallest modal, as in bare_bolt.py.
const http = require("node:http");
const { App } = require("@slack/bolt");

const SMALLEST_VIEW = {
  type: "modal",
  title: { type: "plain_text", text: "Empty" },
  blocks: [{ type: "divider" }],
};
const { SLACK_BOT_TOKEN, SLACK_APP_TOKEN, SLACK_API_URL, KPI_PORT } = process.env;

const app = new App({
  token: SLACK_BOT_TOKEN,
  appToken: SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: SLACK_API_URL },
});

app.command("/kpi", async ({ ack, client, command }) => {
  if (command.text === "ship") {
    await client.views.open({ trigger_id: command.trigger_id, view: SMALLEST_VIEW });
  }
  await ack();
});

app.start().then(() => {
  const healthy = http.createServer((_request, response) => response.end("ok"));
  healthy.listen(Number(KPI_PORT), "127.0.0.1");
});
