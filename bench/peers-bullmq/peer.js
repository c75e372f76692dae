// BullMQ on Redis, one of the alternatives that the benchmark compares Nyala with. Each event is a job, and each delivery is a run of the job.
//
//   node peer.js run RECEIVER REDIS_PORT REQUESTS PUBLISHERS WORKERS WARM_UP   delivers the events and prints the elapsed seconds
//   node peer.js serve RECEIVER REDIS_PORT WORKERS                             accepts events over HTTP, and answers each line of its input with the events
//                                                                              that it has accepted and those that are delivered

import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { Agent, createServer, request } from 'node:http';
import { createInterface } from 'node:readline';
import { Queue, Worker } from 'bullmq';

const [mode, receiver, redisPort, ...counts] = process.argv.slice(2);
const connection = { host: '127.0.0.1', port: Number(redisPort) };
const target = new URL(receiver);
const key = randomBytes(32);

// Each process has a queue of its own, so that none runs the jobs of another.
const name = `deliveries-${process.pid}`;
const body = JSON.stringify({
  id: '8f2c1d3a5b6e7f809a1b2c3d4e5f60718293a4b5', status: 'success', statusText: '', authorEmail: 'author@example.com', author: 'An Author',
  message: "Show the basket's total with tax on the first page\n", progress: '', deployer: 'pipeline', receivedTime: '2026-05-04T09:30:15.2500000Z',
  startTime: '2026-05-04T09:30:16.2500000Z', endTime: '2026-05-04T09:30:57.2500000Z', lastSuccessEndTime: '2026-05-04T09:30:57.2500000Z', complete: true,
  siteName: 'shop', hostName: 'shop.example.com', branch: 'main',
});

let agent;
let done = 0;
let wake = () => {};

/** Signs and posts the body, as every peer does. */
function deliver(id, text) {
  const timestamp = Math.floor(Date.now() / 1000).toString();
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(text).digest('base64');
  return new Promise((resolve, reject) => {
    const post = request({
      agent, host: target.hostname, port: target.port, path: target.pathname, method: 'POST',
      headers: {
        'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text),
        'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}`,
      },
    }, response => {
      response.resume();
      response.on('end', () => response.statusCode === 200 ? resolve() : reject(new Error(`The receiver answered ${response.statusCode}.`)));
    });
    post.on('error', reject);
    post.end(text);
  });
}

/** Starts a queue and its worker. A completed job leaves no record, which is the fastest setting. */
async function start(workers) {
  agent = new Agent({ keepAlive: true, maxSockets: workers });
  const queue = new Queue(name, { connection, defaultJobOptions: { attempts: 11, backoff: { type: 'exponential', delay: 5000 }, removeOnComplete: true } });
  const worker = new Worker(name, job => deliver(job.data.id, job.data.body), { connection, concurrency: workers });
  worker.on('completed', () => {
    done++;
    wake();
  });
  worker.on('failed', (job, error) => fail(error));
  worker.on('error', fail);
  await Promise.all([queue.waitUntilReady(), worker.waitUntilReady()]);
  return queue;
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

const add = (queue, text) => queue.add('deliver', { id: randomUUID(), body: text });

async function publish(queue, events, publishers) {
  const all = done + events;
  let left = events;
  await Promise.all(Array.from({ length: publishers }, async () => {
    while (left-- > 0) {
      await add(queue, body);
    }
  }));
  while (done < all) {
    await new Promise(resolve => { wake = resolve; });
  }
}

async function run(requests, publishers, workers, warmUp) {
  const queue = await start(workers);
  await publish(queue, warmUp, publishers);
  const begin = process.hrtime.bigint();
  await publish(queue, requests, publishers);
  console.log(Number(process.hrtime.bigint() - begin) / 1e9);
  process.exit(0);
}

async function serve(workers) {
  const queue = await start(workers);
  let accepted = 0;
  const server = createServer((incoming, outgoing) => {
    const chunks = [];
    incoming.on('data', chunk => chunks.push(chunk));
    incoming.on('end', async () => {
      try {
        await add(queue, Buffer.concat(chunks).toString());
        accepted++;
        outgoing.writeHead(202, { 'Content-Length': 0 }).end();
      } catch (error) {
        fail(error);
      }
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`ready http://127.0.0.1:${server.address().port}/`));
  createInterface({ input: process.stdin }).on('line', () => console.log(`${accepted} ${done}`)).on('close', () => process.exit(0));
}

await (mode === 'run' ? run(...counts.map(Number)) : serve(...counts.map(Number))).catch(fail);
