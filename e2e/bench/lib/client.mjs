// A client that sends one request after the other over one connection, HTTP/1.1 or HTTP/2.
import { once } from 'node:events';
import { connect } from 'node:http2';
import { Agent, request } from 'node:https';
import { host } from './world.mjs';

const address = '127.0.0.1';

export function http1(port) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, rejectUnauthorized: false, servername: host });
  return {
    async get(path) {
      const asked = request({ host: address, port, path, agent, headers: { host } }).end();
      const [answer] = await once(asked, 'response');
      answer.resume();
      await once(answer, 'end');
      return answer.statusCode;
    },
    close: () => agent.destroy(),
  };
}

export function http2(port) {
  const session = connect(`https://${address}:${port}`, { rejectUnauthorized: false, servername: host });
  return {
    async get(path) {
      const stream = session.request({ ':path': path, ':authority': host });
      stream.resume();
      const [headers] = await once(stream, 'response');
      await once(stream, 'end');
      return headers[':status'];
    },
    close: () => session.close(),
  };
}
