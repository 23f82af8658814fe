/* Answers long after the host stopped waiting: it reads its parameters and writes, and tells what the host answers. */
#include <stdio.h>
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.left_behind"
#define BAD_FLAGS PFLOW_NODE_NONBLOCKING
#define BAD_DESCRIPTOR "{\"params\": {\"properties\": {\"text\": {\"type\": \"string\"}}}}"
static void *late(void *argument) {
    pflow_call *call = (pflow_call *)argument;
    pflow_str text = {NULL, 0};
    char line[200];
    int waited_ms = 0;
    host->values->get_str(host->values->get(host->params(call), str("text")), &text);
    while (host->set_action(call, str("default")) != PFLOW_E_CANCELLED && waited_ms++ < 20000) usleep(1000);
    usleep(20000); /* the host has gone on by now; what it handed out for this call must still be there */
    snprintf(line, sizeof line, "read \"%.*s\", store_set %d, is_cancelled %d", (int)text.len, text.ptr,
             host->store_set(call, str("out"), NULL), host->is_cancelled(call));
    host->complete(call, PFLOW_OK);
    tell(line);
    return NULL;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    (void)node;
    start_thread(late, call);
    return PFLOW_PENDING;
}
#define BAD_RUN run
#include "good_entry.h"
