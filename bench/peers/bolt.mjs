// Bolt for JavaScript: acknowledges every event and does nothing else.
// MODE=http: PORT, SIGNING_SECRET. MODE=socket: API_URL.
import { createRequire } from 'node:module';

const require = createRequire(`${process.env.NODE_MODULES}/`);
const { App, HTTPReceiver, LogLevel, SocketModeReceiver } = require('@slack/bolt');

const socket = process.env.MODE === 'socket';
const receiver = socket
  ? new SocketModeReceiver({
      appToken: 'xapp-bench',
      logLevel: LogLevel.ERROR,
      installerOptions: { clientOptions: { slackApiUrl: process.env.API_URL } },
    })
  : new HTTPReceiver({ signingSecret: process.env.SIGNING_SECRET, logLevel: LogLevel.ERROR });
const app = new App({
  receiver,
  logLevel: LogLevel.ERROR,
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B1', botUserId: 'UBOT' }),
});
app.event('message', async () => {});
await app.start({ port: 0, host: '127.0.0.1', ...(socket ? {} : { port: Number(process.env.PORT) }) });
console.log('ready');
