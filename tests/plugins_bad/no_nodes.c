/* Its get_factory knows no factory at all. */
#include "good.h"
#define BAD_TYPE "bad.no_nodes"
static const void *PFLOW_CALL nothing(const char *factory_id) {
    (void)factory_id;
    return NULL;
}
#define BAD_GET_FACTORY nothing
#include "good_entry.h"
