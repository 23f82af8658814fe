/* Appends to a buffer of a call that has ended, and tells what the host answers. */
#include <stdio.h>
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.late_append"
static pflow_call *ended;
static void *late(void *argument) {
    pflow_buffer *buffer = (pflow_buffer *)argument;
    char line[80];
    while (host->is_cancelled(ended) == 0) usleep(1000);
    snprintf(line, sizeof line, "append %d finish %s", host->values->buffer_append(buffer, str("more")),
             host->values->buffer_finish(buffer) == NULL ? "NULL" : "a value");
    tell(line);
    return NULL;
}
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    pflow_buffer *buffer = host->values->buffer_new(call, 16);
    (void)node;
    host->values->buffer_append(buffer, str("some"));
    ended = call;
    start_thread(late, buffer);
    return put(call, "fine");
}
#define BAD_RUN run
#include "good_entry.h"
