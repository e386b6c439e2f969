/* SPDX-License-Identifier: MIT */
/*
 * client.c - sends a file of events (one JSON text per line, at most 1000) and prints an answer per line.
 *
 *   cc -o client client.c -lzmq
 *   ./client ENDPOINT SERVER_PUB_FILE SECRET_FILE PUBLIC_FILE EVENTS_FILE
 *
 * Leaves 0 when it has answers; each says what became of its event.  Sending the same file again is always safe.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#define ANSWER_TIMEOUT_MS 10000

/* The whole file and a terminator; leaves the program when it cannot be read. */
static char *read_all(const char *path, size_t *len)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;

    *len = 0;
    while (file != NULL && !feof(file) && !ferror(file)) {
        text = realloc(text, *len + 4096 + 1);
        if (text == NULL) {
            break;
        }
        *len += fread(text + *len, 1, 4096, file);
    }
    if (text == NULL || ferror(file)) {
        perror(path);
        exit(2);
    }
    fclose(file);
    text[*len] = '\0';
    return text;
}

static void set_key(void *socket, int option, const char *path)
{
    size_t len;
    char *key = read_all(path, &len);

    key[strcspn(key, "\r\n")] = '\0';
    if (zmq_setsockopt(socket, option, key, strlen(key) + 1) != 0) {
        fprintf(stderr, "%s: not a key of 40 characters\n", path);
        exit(2);
    }
    free(key);
}

int main(int argc, char **argv)
{
    int timeout_ms = ANSWER_TIMEOUT_MS;
    int linger_ms = 0;
    size_t len;
    char *events;
    void *context = zmq_ctx_new();
    void *socket = zmq_socket(context, ZMQ_DEALER);
    zmq_msg_t frame;

    if (argc != 6) {
        fprintf(stderr, "usage: client ENDPOINT SERVER_PUB_FILE SECRET_FILE PUBLIC_FILE EVENTS_FILE\n");
        return 2;
    }
    set_key(socket, ZMQ_CURVE_SERVERKEY, argv[2]);
    set_key(socket, ZMQ_CURVE_SECRETKEY, argv[3]);
    set_key(socket, ZMQ_CURVE_PUBLICKEY, argv[4]);
    events = read_all(argv[5], &len);
    zmq_setsockopt(socket, ZMQ_RCVTIMEO, &timeout_ms, sizeof timeout_ms);
    zmq_setsockopt(socket, ZMQ_LINGER, &linger_ms, sizeof linger_ms);
    if (zmq_connect(socket, argv[1]) != 0) {
        perror(argv[1]);
        return 2;
    }
    /* A REQ socket would add the empty frame by itself. */
    zmq_send(socket, "", 0, ZMQ_SNDMORE);
    zmq_send(socket, "KTP/1 EVENTS 1", 14, ZMQ_SNDMORE);
    zmq_send(socket, events, len, 0);
    free(events);
    zmq_msg_init(&frame);
    for (int number = 0; number == 0 || zmq_msg_more(&frame); number++) {
        if (zmq_msg_recv(&frame, socket, 0) < 0) {
            fprintf(stderr, "no answer: is the endpoint right and the key allowed? (kipthoi allow)\n");
            return 1;
        }
        /* Frame 0 is empty; 1 is the header, shown when it tells of an error; 2 holds the answers. */
        if (number == 2 || (number == 1 && !zmq_msg_more(&frame))) {
            printf("%.*s%s", (int)zmq_msg_size(&frame), (const char *)zmq_msg_data(&frame), number == 1 ? "\n" : "");
        }
    }
    zmq_msg_close(&frame);
    zmq_close(socket);
    zmq_ctx_term(context);
    return 0;
}
