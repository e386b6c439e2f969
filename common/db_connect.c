/* SPDX-License-Identifier: MIT */
/* db_connect.c - how every program introduces itself to the server. */
#include <stdio.h>

#include "common/db.h"
#include "common/secret.h"

#define OPTIONS_SIZE 1024
/*
 * A peer that is silent for about six seconds is taken for gone, on both sides.  TCP's own repetitions grow further and
 * further apart: a connection given up later would come back too late after the network has.  And a session that the
 * server does not give up keeps its locks, ingest's name among them.
 */
#define TCP_IDLE_S "3"
#define TCP_PROBE_S "1"
#define TCP_PROBES "3"
#define TCP_SILENCE_MS "6000"

PGconn *db_connect_start(const struct config *config, const struct config_role *role, const char *application,
                         char error[DB_ERROR_SIZE])
{
    char password[SECRET_MAX];
    char port[24];
    char options[OPTIONS_SIZE];
    char secret_error[SECRET_ERROR_SIZE];
    const char *root = config->database.sslrootcert;
    PGconn *conn;

    password[0] = '\0';
    /* Without a password file the server has to know us otherwise (peer, certificate). */
    if (role->password_file[0] != '\0' && secret_read(role->password_file, password, secret_error) != STATUS_OK) {
        snprintf(error, DB_ERROR_SIZE, "password of database role %s: %s", role->user, secret_error);
        return NULL;
    }
    snprintf(port, sizeof port, "%lld", (long long)config->database.port);
    snprintf(options, sizeof options,
             "-c search_path=kipthoi -c timezone=%s -c statement_timeout=%lld -c lock_timeout=%lld"
             " -c idle_in_transaction_session_timeout=60000 -c jit=off -c datestyle=ISO -c client_min_messages=warning"
             " -c tcp_keepalives_idle=" TCP_IDLE_S " -c tcp_keepalives_interval=" TCP_PROBE_S
             " -c tcp_keepalives_count=" TCP_PROBES " -c tcp_user_timeout=" TCP_SILENCE_MS,
             config->deployment.time_zone, (long long)config->database.statement_timeout_ms,
             (long long)config->database.statement_timeout_ms);
    {
        const char *const keywords[] = {"host",
                                        "port",
                                        "dbname",
                                        "user",
                                        "password",
                                        "options",
                                        "application_name",
                                        "sslmode",
                                        "sslrootcert",
                                        "gssencmode",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "client_encoding",
                                        NULL};
        const char *const values[] = {config->database.host,
                                      port,
                                      config->database.name,
                                      role->user,
                                      password,
                                      options,
                                      application,
                                      config->database.sslmode,
                                      root[0] == '\0' ? NULL : root,
                                      "disable", /* a Kerberos server would be asked without a limit */
                                      TCP_IDLE_S,
                                      TCP_PROBE_S,
                                      TCP_PROBES,
                                      TCP_SILENCE_MS,
                                      "UTF8",
                                      NULL};
        conn = PQconnectStartParams(keywords, values, 0);
    }
    secret_wipe(password, sizeof password);
    if (conn == NULL) {
        snprintf(error, DB_ERROR_SIZE, "memory is short");
    }
    return conn;
}
