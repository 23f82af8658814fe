/* Describes itself differently each time it is loaded. */
#include <stdio.h>
#include <unistd.h>

#include "good.h"
#define BAD_TYPE "bad.lies"
#define BAD_GET_FACTORY get_factory
static const void *PFLOW_CALL get_factory(const char *factory_id);
#include "good_entry.h"
static char text[80];
static pflow_node_type type;
static size_t PFLOW_CALL count(void) { return 1; }
static const pflow_node_type *PFLOW_CALL at(size_t index) {
    (void)index;
    type = good_type;
    snprintf(text, sizeof text, "{\"description\": \"Process %ld.\"}", (long)getpid());
    type.descriptor_json = str(text);
    return &type;
}
static const void *PFLOW_CALL get_factory(const char *factory_id) {
    static const pflow_node_factory factory = {sizeof(pflow_node_factory), 0, count, at};
    (void)factory_id;
    return &factory;
}
