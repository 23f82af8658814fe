/* Asks for a key while its node is made. */
#include "good.h"
#define BAD_TYPE "bad.secret_in_create"
static pflow_status PFLOW_CALL create(const pflow_node_type *type, const pflow_host *h, pflow_call *call, void **out) {
    const pflow_host_secrets *secrets = (const pflow_host_secrets *)h->get_extension(h, PFLOW_EXT_SECRETS);
    static int node;
    pflow_str value = {NULL, 0};
    (void)type;
    *out = &node;
    return secrets->get(call, str("ACME_KEY"), PFLOW_SECRET, &value);
}
#define BAD_CREATE create
#include "good_entry.h"
