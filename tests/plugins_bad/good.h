/* The correct part of a test plugin, in C and C++. A plugin includes this, defines the one thing it does wrong, and
   includes good_entry.h last, whose BAD_* macros stand for everything that is right by default. */
#ifndef PFLOW_TESTS_PLUGINS_BAD_GOOD_H
#define PFLOW_TESTS_PLUGINS_BAD_GOOD_H
#include <pflow/plugin.h>
#include <pthread.h>
#include <string.h>

static const pflow_host *host; /* set once by init() */

static inline pflow_str str(const char *text) {
    pflow_str s;
    s.ptr = text;
    s.len = strlen(text);
    return s;
}

/* Writes the output "out". */
static inline pflow_status put(pflow_call *call, const char *text) {
    return host->store_set(call, str("out"), host->values->make_str(call, str(text)));
}

static inline pflow_status fail(pflow_call *call, pflow_status status, const char *code, const char *message) {
    pflow_error error = PFLOW_ERROR_INIT;
    error.status = status;
    error.code = str(code);
    error.message = str(message);
    host->set_error(call, &error);
    return status;
}

/* Tells the test something, outside of any call. */
static inline void tell(const char *text) { host->log(host, NULL, PFLOW_LOG_ERROR, str(text), str("")); }

static inline void start_thread(void *(*body)(void *), void *argument) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, body, argument) == 0) pthread_detach(thread);
}
#endif
