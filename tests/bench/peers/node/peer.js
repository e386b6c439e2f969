#!/usr/bin/env node
// SPDX-License-Identifier: MIT
/*
 * A peer in Node: zeromq takes the events, pg stores them by arrays and named (prepared) statements.
 *
 * Speaks as much of KTP/1 (docs/protocol.md) as `kipthoi send` needs, with CURVE and an allow-list, and answers after
 * COMMIT.  What waits is taken as one transaction: new events by unnest and ON CONFLICT DO NOTHING, the dossiers they
 * touch read, folded here and written back the same way, counters by differences.
 *
 *   peer.js PORT NOW ZONE KEYS    PG* variables name the database; KEYS is a folder with ingest.key, sender.pub
 */
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { Client } = require('pg');
const zmq = require('zeromq');

const BATCH = 5000; // most events of a transaction
const WELCOME = 'KTP/1 WELCOME window=8000 event_bytes=65536 batch=1000 heartbeat_ms=5000 request_bytes=1048576';
const CLASSES = ['early', 'on_time', 'late', 'overdue', 'in_time', 'excluded'];
const DAY_MS = 86400000;
const Z85 = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';

// Moments travel as milliseconds since 1970, days as days since then: numbers cost less than Date objects.
const STATEMENTS = {
    events: `
        INSERT INTO event (source, id, payload)
        SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) u (source, id, payload) ORDER BY source, id
        ON CONFLICT DO NOTHING RETURNING source, id`,
    read: `
        SELECT d.source, d.code, d.unit, d.field,
            ${['received', 'due', 'due_told', 'finished', 'finished_told', 'last_time']
        .map((name) => `(extract(epoch FROM d.${name}) * 1000)::float8`).join(', ')}, d.class, d.day - date '1970-01-01'
        FROM unnest($1::text[], $2::text[]) k (source, code) JOIN dossier d USING (source, code)`,
    dossiers: `
        INSERT INTO dossier
        SELECT source, code, unit, field, to_timestamp(received / 1000), to_timestamp(due / 1000), to_timestamp(due_told / 1000),
            to_timestamp(finished / 1000), to_timestamp(finished_told / 1000), to_timestamp(last_time / 1000), class,
            date '1970-01-01' + day
        FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::float8[], $6::float8[], $7::float8[], $8::float8[],
            $9::float8[], $10::float8[], $11::text[], $12::int[])
            u (source, code, unit, field, received, due, due_told, finished, finished_told, last_time, class, day)
        ON CONFLICT (source, code) DO UPDATE SET
            unit = excluded.unit, field = excluded.field, received = excluded.received, due = excluded.due,
            due_told = excluded.due_told, finished = excluded.finished, finished_told = excluded.finished_told,
            last_time = excluded.last_time, class = excluded.class, day = excluded.day`,
    counts: `
        INSERT INTO day_count AS c
        SELECT date '1970-01-01' + day, unit, field, ${CLASSES.join(', ')}
        FROM unnest($1::int[], $2::text[], $3::text[], ${CLASSES.map((_, i) => `$${i + 4}::int[]`).join(', ')})
            u (day, unit, field, ${CLASSES.join(', ')})
        ORDER BY day, unit, field
        ON CONFLICT (day, unit, field) DO UPDATE SET
            ${CLASSES.map((name) => `${name} = c.${name} + excluded.${name}`).join(', ')}`,
};

class Dossier {
    constructor(source, code, unit, field, received, due, dueTold, finished, finishedTold, lastTime, verdict, day) {
        Object.assign(this, { source, code, unit, field, received, due, dueTold, finished, finishedTold, lastTime, verdict, day });
    }

    fold(time, data) {
        this.unit = data.unit ?? this.unit;
        this.field = data.field ?? this.field;
        if (data.received !== undefined) {
            this.received = Date.parse(data.received);
        }
        if (data.due !== undefined && (this.due === null || time < this.dueTold)) {
            this.due = Date.parse(data.due);
            this.dueTold = time;
        }
        if (data.finished !== undefined && (this.finished === null || time >= this.finishedTold)) {
            this.finished = Date.parse(data.finished);
            this.finishedTold = time;
        }
        this.lastTime = Math.max(this.lastTime, time);
    }

    // Sets the verdict and the day it counts on.
    judge(now, zoneMs) {
        const dayOf = (ms) => Math.floor((ms + zoneMs) / DAY_MS);
        let at = this.received ?? this.lastTime;

        if (this.due === null) {
            this.verdict = 'excluded';
        } else if (this.finished !== null) {
            at = this.finished;
            this.verdict = at > this.due ? 'late' : dayOf(at) < dayOf(this.due) ? 'early' : 'on_time';
        } else if (now > this.due) {
            this.verdict = 'overdue';
            at = this.due;
        } else {
            this.verdict = 'in_time';
        }
        this.day = dayOf(at);
    }

    row() {
        return [this.source, this.code, this.unit, this.field, this.received, this.due, this.dueTold, this.finished,
            this.finishedTold, this.lastTime, this.verdict, this.day];
    }
}

// The columns of rows, as unnest takes them.
function columns(rows, width) {
    return Array.from({ length: width }, (_, i) => rows.map((row) => row[i]));
}

class Counts {
    constructor() {
        this.cells = new Map();
    }

    add({ day, unit, field, verdict }, number) {
        const key = `${day}\n${unit}\n${field}`;
        let cell = this.cells.get(key);

        if (cell === undefined) {
            cell = [day, unit, field, ...CLASSES.map(() => 0)];
            this.cells.set(key, cell);
        }
        cell[3 + CLASSES.indexOf(verdict)] += number;
    }

    rows() {
        return [...this.cells.values()].filter((cell) => cell.slice(3).some((number) => number !== 0));
    }
}

class Store {
    constructor(client, now, zoneMs) {
        Object.assign(this, { client, now, zoneMs });
    }

    run(name, values) {
        return this.client.query({ name, text: STATEMENTS[name], values, rowMode: 'array' });
    }

    // Stores a batch of JSON texts in one transaction and returns for each whether it was new.
    async append(payloads) {
        const events = payloads.map((payload) => JSON.parse(payload));

        await this.client.query('BEGIN');
        const stored = await this.run('events', [events.map((event) => event.source), events.map((event) => event.id), payloads]);
        const fresh = new Set(stored.rows.map((row) => row.join('\n')));
        const taken = events.map((event) => fresh.delete(`${event.source}\n${event.id}`));
        await this.score(events.filter((_, i) => taken[i]));
        await this.client.query('COMMIT');
        return taken;
    }

    async score(events) {
        const keyOf = (source, code) => `${source}\n${code}`;
        const keys = new Map(events.map((event) =>
            [keyOf(event.source, event.data.dossier), [event.source, event.data.dossier]]));
        const known = await this.run('read', columns([...keys.values()], 2));
        const dossiers = new Map(known.rows.map((row) => [keyOf(row[0], row[1]), new Dossier(...row)]));
        const counts = new Counts();

        dossiers.forEach((dossier) => counts.add(dossier, -1));
        for (const event of events) {
            const { source, data } = event;
            const key = keyOf(source, data.dossier);
            const time = Date.parse(event.time);

            if (!dossiers.has(key)) {
                dossiers.set(key, new Dossier(source, data.dossier, '', '', null, null, null, null, null, time));
            }
            dossiers.get(key).fold(time, data);
        }
        dossiers.forEach((dossier) => {
            dossier.judge(this.now, this.zoneMs);
            counts.add(dossier, 1);
        });
        await this.run('dossiers', columns([...dossiers.values()].map((dossier) => dossier.row()), 12));
        await this.run('counts', columns(counts.rows(), 3 + CLASSES.length));
    }
}

// The allow-list: answers libzmq's questions about keys (ZAP, RFC 27).
async function guard(allowed) {
    const zap = new zmq.Router();

    await zap.bind('inproc://zeromq.zap.01');
    for await (const [route, empty, version, request, , , , , key] of zap) {
        const good = key !== undefined && key.equals(allowed);

        await zap.send([route, empty, version, request, good ? '200' : '400', good ? 'OK' : 'not allowed', 'peer', '']);
    }
}

// Z85 (ZeroMQ RFC 32) to bytes.
function z85(text) {
    const bytes = Buffer.alloc(text.length / 5 * 4);

    for (let i = 0; i < text.length; i += 5) {
        bytes.writeUInt32BE([...text.slice(i, i + 5)].reduce((sum, letter) => sum * 85 + Z85.indexOf(letter), 0), i / 5 * 4);
    }
    return bytes;
}

async function serve(router, store) {
    const waiting = [];
    let wake = () => {};

    const receive = async () => {
        for await (const [sender, , header, body] of router) {
            const [, word, tag = '-'] = header.toString().split(' ');

            if (word === 'HELLO') {
                await router.send([sender, '', WELCOME]);
            } else if (word === 'PING') {
                await router.send([sender, '', 'KTP/1 PONG - window=8000']);
            } else {
                waiting.push({ sender, tag, lines: body.toString().split('\n').filter((line) => line !== '') });
                wake();
            }
        }
    };
    const storeWaiting = async () => {
        for (;;) {
            if (waiting.length === 0) {
                await new Promise((resolve) => { wake = resolve; });
            }
            const requests = [];
            const payloads = [];

            while (waiting.length > 0 && payloads.length < BATCH) {
                requests.push(waiting.shift());
                payloads.push(...requests.at(-1).lines);
            }
            const taken = await store.append(payloads);
            let place = 0;

            for (const { sender, tag, lines } of requests) {
                const answers = lines.map(() => (taken[place++] ? 'accepted\n' : 'duplicate\n')).join('');

                await router.send([sender, '', `KTP/1 REPLY ${tag} window=8000`, answers]);
            }
        }
    };
    await Promise.all([receive(), storeWaiting()]);
}

async function main() {
    const [port, now, zone, folder] = process.argv.slice(2);
    const key = (name) => fs.readFileSync(path.join(folder, name), 'ascii').trim();
    const client = new Client({ application_name: 'peer' });

    await client.connect();
    guard(z85(key('sender.pub')));
    const router = new zmq.Router({ curveServer: true, curveSecretKey: key('ingest.key'), zapDomain: 'peer' });
    await router.bind(`tcp://127.0.0.1:${port}`);
    console.log('ready');
    await serve(router, new Store(client, Date.parse(now), Number(zone) * 3600000));
}

main().catch((error) => {
    console.error(error);
    process.exit(1);
});
