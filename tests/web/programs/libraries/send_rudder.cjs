// Sends one message of each type by @rudderstack/rudder-sdk-node: node send_rudder.cjs URL KEY NAME
const RudderAnalytics = require("@rudderstack/rudder-sdk-node");

const [url, writeKey, name] = process.argv.slice(2);
const analytics = new (RudderAnalytics.default ?? RudderAnalytics)(writeKey, {
  dataPlaneUrl: url, flushAt: 20, gzip: true, logLevel: "error",
});
const who = { userId: name };
analytics.identify({ ...who, traits: { email: `${name}@boltwright.com` } });
analytics.track({ ...who, event: "Download", properties: { title: "FT-200" } });
analytics.page({ ...who, name: "Pricing" });
analytics.screen({ ...who, name: "Cart" });
analytics.group({ ...who, groupId: "g1", traits: { name: "Boltwright Inc" } });
analytics.alias({ ...who, previousId: `${name}-before` });
analytics.flush((fault) => { console.log(fault ? `error ${fault}` : "flushed"); process.exit(0); });
