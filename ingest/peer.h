/* SPDX-License-Identifier: MIT */
/*
 * peer.h - how many unanswered events each connection has, and how many it may have.
 *
 * A peer is a ROUTER routing id: it carries no permission.  Peers without unanswered events are forgotten after a
 * while, so that the table is bounded by those who are at work.
 */
#ifndef INGEST_PEER_H
#define INGEST_PEER_H

#include <stddef.h>
#include <stdint.h>

struct peers;
struct peer;

struct peer_limits {
    int64_t window_events; /* most for one peer */
    int64_t budget_events; /* for all peers together */
    int64_t floor_events;  /* granted to every peer, whatever the load */
    int64_t max_peers;
    int64_t idle_ms; /* forgotten after so long without a request */
};

/* NULL when memory is short. */
struct peers *peers_new(const struct peer_limits *limits);
void peers_destroy(struct peers **self_p);

/* The peer of this routing id, made on first sight; NULL when the table is full of peers at work or memory is short. */
struct peer *peers_get(struct peers *self, const void *id, size_t len, int64_t now_ms);

/* Forgets the idle. */
void peers_sweep(struct peers *self, int64_t now_ms);
int64_t peers_count(const struct peers *self);

/*
 * Events that a peer may have unanswered, as told in replies: its share of the budget between floor and window, halved
 * while commits take long.
 */
int64_t peers_window(const struct peers *self, int64_t commit_latency_ms);

/* Unanswered events come and go. */
void peer_add(struct peer *peer, int64_t events);
void peer_remove(struct peer *peer, int64_t events);
int64_t peer_unanswered(const struct peer *peer);

#endif
