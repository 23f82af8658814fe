/* The descriptor is not JSON. */
#include "good.h"
#define BAD_TYPE "bad.json"
#define BAD_DESCRIPTOR "{\"description\": \"unfinished"
#include "good_entry.h"
