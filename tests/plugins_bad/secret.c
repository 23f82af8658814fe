/* Asks the host for the key or setting that its parameter "name" names and writes it down. "first" names a key that it
   can do without, and "lost" lets it fail though it has found what it asked for. */
#include "good.h"
#define BAD_TYPE "bad.secret"
static pflow_status PFLOW_CALL run(void *node, pflow_call *call) {
    const pflow_host_secrets *secrets = (const pflow_host_secrets *)host->get_extension(host, PFLOW_EXT_SECRETS);
    const pflow_value *params = host->params(call);
    pflow_str name = {NULL, 0};
    pflow_str first = {NULL, 0};
    pflow_str value = {NULL, 0};
    int32_t plain = 0;
    int32_t silent = 0;
    int32_t lost = 0;
    pflow_status status;
    (void)node;
    host->values->get_str(host->values->get(params, str("name")), &name);
    host->values->get_bool(host->values->get(params, str("plain")), &plain);
    host->values->get_bool(host->values->get(params, str("silent")), &silent);
    host->values->get_bool(host->values->get(params, str("lost")), &lost);
    if (host->values->get_str(host->values->get(params, str("first")), &first) == PFLOW_OK) {
        (void)secrets->get(call, first, PFLOW_SECRET, &value);
    }
    status = secrets->get(call, name, plain ? 0 : PFLOW_SECRET, &value);
    if (status < 0 && silent) return status;
    if (status < 0) return fail(call, status, "no_secret", "the host has none");
    if (lost) return PFLOW_E_NOT_FOUND;
    return host->store_set(call, str("out"), host->values->make_str(call, value));
}
#define BAD_RUN run
#include "good_entry.h"
