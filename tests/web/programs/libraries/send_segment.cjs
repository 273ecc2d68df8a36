// Sends one message of each type by @segment/analytics-node: node send_segment.cjs URL KEY NAME
const { Analytics } = require("@segment/analytics-node");

const [url, writeKey, name] = process.argv.slice(2);
const analytics = new Analytics({ host: url, writeKey, flushAt: 20, maxRetries: 5 });
analytics.on("error", (fault) => console.log("error", fault.code, fault.reason ?? ""));
const who = { userId: name };
analytics.identify({ ...who, traits: { email: `${name}@boltwright.com` } });
analytics.track({ ...who, event: "Download", properties: { title: "FT-200" } });
analytics.page({ ...who, name: "Pricing" });
analytics.screen({ ...who, name: "Cart" });
analytics.group({ ...who, groupId: "g1", traits: { name: "Boltwright Inc" } });
analytics.alias({ ...who, previousId: `${name}-before` });
analytics.closeAndFlush({ timeout: 30000 }).then(() => console.log("flushed"));
