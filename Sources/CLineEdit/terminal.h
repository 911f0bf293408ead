#pragma once

#include <stdbool.h>

// The state of the terminal outside the editor, and the signals that concern it.

// Remembers the terminal as it is and sees that it is put back when the process ends or stops.
bool le_terminal_open(void);
void le_terminal_close(void);

// Before and after a line is read: the terminal echoes and is told to bracket pastes, or neither.
void le_terminal_edit(void);
void le_terminal_run(void);
// Before another program uses the terminal: as it was found. le_terminal_edit takes it back.
void le_terminal_lend(void);

// Stops the process as ^Z would, with the terminal as it was found; returns when it goes on.
void le_terminal_stop(void);

// Looks out for SIGWINCH, or does so no more; whether there was one since the last call.
void le_resize_watch(bool on);
bool le_resize_take(void);
