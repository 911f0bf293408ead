#pragma once

// The commit that was built; empty if the build was not told.
const char *collab_commit(void);
