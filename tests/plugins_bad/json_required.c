/* The descriptor requires a parameter that it does not describe. */
#include "good.h"
#define BAD_TYPE "bad.json_required"
#define BAD_DESCRIPTOR "{\"params\": {\"properties\": {\"a\": {}}, \"required\": [\"b\"]}}"
#include "good_entry.h"
