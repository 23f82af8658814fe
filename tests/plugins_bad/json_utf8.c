/* The descriptor is not UTF-8. */
#include "good.h"
#define BAD_TYPE "bad.json_utf8"
#define BAD_DESCRIPTOR "{\"description\": \"caf\xe9\"}"
#include "good_entry.h"
