#pragma once

#include <signal.h>
#include <stdbool.h>

// The state of the terminal outside the editor, and the signals that concern it.

// Set by SIGWINCH while a line is read.
extern volatile sig_atomic_t le_resized;

// Remembers the terminal as it is and sees that it is put back when the process ends or stops.
bool le_terminal_open(void);
void le_terminal_close(void);

// Before and after a line is read: the terminal echoes and is told to bracket pastes, or neither.
void le_terminal_edit(void);
void le_terminal_run(void);

// Stops the process as ^Z would, with the terminal as it was found; returns when it goes on.
void le_terminal_stop(void);
