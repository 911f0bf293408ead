#include "CBuild.h"

#ifndef COLLAB_COMMIT
#define COLLAB_COMMIT ""
#endif

const char *collab_commit(void) { return COLLAB_COMMIT; }
