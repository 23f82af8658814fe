/* Asks for what the parameter "url" says and does with the call what "how" says: some of it wrong, some of it not. */
#include "good.h"
#include <stdlib.h>
#include <stdio.h>
#include <unistd.h>
#ifdef BLOCKS
#define BAD_TYPE "bad.http_blocking"
#else
#define BAD_TYPE "bad.http"
#endif

static const pflow_host_http *http;

typedef struct asked {
    pflow_call *call;
    char how[32];
    char text[64];
    size_t len;
    size_t bytes;
    int head_status;
    pthread_t thread;
} asked;

static const char *param(pflow_call *call, const char *name, char *out, size_t size) {
    pflow_str text = {NULL, 0};
    host->values->get_str(host->values->get(host->params(call), str(name)), &text);
    snprintf(out, size, "%.*s", (int)text.len, text.ptr == NULL ? "" : text.ptr);
    return out;
}

static int is(const asked *a, const char *how) { return strcmp(a->how, how) == 0; }

static void PFLOW_CALL on_head(void *user, const pflow_http_head *head) { ((asked *)user)->head_status = head->status; }

static pflow_status PFLOW_CALL on_data(void *user, pflow_str chunk) {
    asked *a = (asked *)user;
    if (a->bytes == 0 && is(a, "takes_its_time")) usleep(200000);
    a->bytes += chunk.len;
    for (size_t i = 0; i < chunk.len && a->len + 1 < sizeof a->text; ++i) a->text[a->len++] = chunk.ptr[i];
    return is(a, "refuses_data") ? PFLOW_E_INVALID : PFLOW_OK;
}

static void write_out(asked *a, const pflow_http_result *result) {
    char line[256];
    snprintf(line, sizeof line, "%d %.*s %zu %.*s%s", a->head_status, (int)a->len, a->text, a->bytes,
             result->error == NULL ? 0 : (int)result->error->code.len, result->error == NULL ? "" : result->error->code.ptr,
             pthread_equal(a->thread, pthread_self()) ? " on its own thread" : "");
    put(a->call, line);
}

static void PFLOW_CALL on_done(void *user, const pflow_http_result *result) {
    asked *a = (asked *)user;
    if (is(a, "returns") || is(a, "completes_first")) {
        tell("on_done");
    } else {
        write_out(a, result);
#ifndef BLOCKS
        host->complete(a->call, result->error == NULL ? PFLOW_OK : result->error->status);
#endif
    }
    free(a);
}

static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    char url[256];
    pflow_http_request request;
    pflow_http_handler handler = {sizeof handler, 0, NULL, on_head, on_data, on_done};
    pflow_header header = {PFLOW_STR("X-Api-Key"), PFLOW_STR("a-key-of-the-plugin")};
    asked *a = (asked *)calloc(1, sizeof *a);
    uint64_t id = 0;
    pflow_status status;
    (void)node;
    http = (const pflow_host_http *)host->get_extension(host, PFLOW_EXT_HTTP);
    a->call = call;
    a->thread = pthread_self();
    param(call, "how", a->how, sizeof a->how);
    memset(&request, 0, sizeof request);
    request.struct_size = is(a, "short_request") ? 8 : sizeof request;
    request.method.ptr = "GET";
    request.method.len = 3;
    request.url = str(param(call, "url", url, sizeof url));
    request.headers = &header;
    request.n_headers = 1;
    request.timeout_ms = request.connect_timeout_ms = request.idle_timeout_ms = -1;
    request.max_redirects = request.max_response_bytes = -1;
    handler.user = a;
#ifdef BLOCKS
    status = http->perform(call, &request, &handler);
    (void)id;
    return status;
#else
    if (is(a, "performs")) {
        status = http->perform(call, &request, &handler);
        free(a);
        return status;
    }
    char how[32];
    memcpy(how, a->how, sizeof how);
    status = http->send(call, &request, &handler, &id);
    if (status < 0) {
        free(a);
        return fail(call, status, "refused", "the host refused it");
    }
    if (strcmp(how, "aborts") == 0) http->abort(call, id);
    if (strcmp(how, "completes_first") == 0) {
        put(call, "fine");
        host->complete(call, PFLOW_OK);
    }
    if (strcmp(how, "returns") == 0) {
        put(call, "returned");
        return PFLOW_OK;
    }
    return PFLOW_PENDING;
#endif
}
#define BAD_RUN run
#ifdef BLOCKS
#define BAD_FLAGS PFLOW_NODE_CONCURRENT
#else
#define BAD_FLAGS (PFLOW_NODE_CONCURRENT | PFLOW_NODE_NONBLOCKING)
#endif
#include "good_entry.h"
