/* An entry without get_factory. */
#include "good.h"
#define BAD_TYPE "bad.no_factory"
#define BAD_GET_FACTORY NULL
#include "good_entry.h"
